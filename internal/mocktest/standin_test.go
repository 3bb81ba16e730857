package mocktest_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// cloud returns a stand-in for the package test.
func cloud() standin.Cloud {
	return standin.Cloud{
		Package: "test",
		Config:  []string{"region"},
		Resources: map[string]standin.Resource{objectType: {
			Inputs:   []string{"name", "size"},
			Required: []string{"name"},
			ID:       standin.Text("{region}/{name}"),
			Outputs:  map[string]standin.Value{"link": standin.Text("https://{region}/{name}/{size}")},
		}},
		Functions: map[string]standin.Function{"test:index:getThing": {
			Arguments: []string{"name"},
			Result:    map[string]standin.Value{"thing": standin.Text("{region}-{name}")},
		}},
	}
}

type linked struct {
	pulumi.CustomResourceState

	Link pulumi.StringOutput `pulumi:"link"`
}

// inRegion runs a program on the cloud, with a provider with these settings.
func inRegion(settings pulumi.Map, program func(*pulumi.Context, pulumi.ProviderResource) error) (
	*mocktest.Recording, error,
) {
	return mocktest.Try(func(ctx *pulumi.Context) error {
		one := &provider{}
		if err := ctx.RegisterResource(providerType, "explicit", settings, one); err != nil {
			return err
		}
		return program(ctx, one)
	}, cloud())
}

var north = pulumi.Map{"region": pulumi.String("north")}

func register(inputs pulumi.Map) func(*pulumi.Context, pulumi.ProviderResource) error {
	return func(ctx *pulumi.Context, explicit pulumi.ProviderResource) error {
		one := &linked{}
		if err := ctx.RegisterResource(objectType, "one", inputs, one, pulumi.Provider(explicit)); err != nil {
			return err
		}
		ctx.Export("id", one.ID())
		ctx.Export("link", one.Link)
		return nil
	}
}

func TestAStandInFillsInWhatItsProviderIsConfiguredFor(t *testing.T) {
	recorded, err := inRegion(north, register(pulumi.Map{"name": pulumi.String("a"), "size": pulumi.Int(1000000)}))
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"id": "north/a", "link": "https://north/a/1000000"}, recorded.Outputs)
	assert.Equal(t, map[string]any{"name": "a", "size": 1000000}, recorded.Get(t, objectType, "one").Inputs)
}

func TestAStandInAnswersFunctions(t *testing.T) {
	recorded, err := inRegion(north, func(ctx *pulumi.Context, explicit pulumi.ProviderResource) error {
		var result struct {
			Thing string `pulumi:"thing"`
		}
		arguments := map[string]any{"name": "a"}
		if err := ctx.Invoke("test:index:getThing", arguments, &result, pulumi.Provider(explicit)); err != nil {
			return err
		}
		ctx.Export("thing", pulumi.String(result.Thing))
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, "north-a", recorded.Outputs["thing"])
}

func TestWhatAStandInRefusesFailsTheRun(t *testing.T) {
	for reason, c := range map[string]struct {
		settings pulumi.Map
		program  func(*pulumi.Context, pulumi.ProviderResource) error
		want     string
	}{
		"a property": {
			north, register(pulumi.Map{"name": pulumi.String("a"), "siez": pulumi.Int(1)}),
			"siez is not known to the stand-in",
		},
		"a missing property": {north, register(nil), "name is required and missing"},
		"a setting": {
			pulumi.Map{"regoin": pulumi.String("north")},
			func(*pulumi.Context, pulumi.ProviderResource) error { return nil }, "regoin is not known to the stand-in",
		},
		"a type": {
			north, func(ctx *pulumi.Context, explicit pulumi.ProviderResource) error {
				return ctx.RegisterResource("test:index:Other", "one", nil, &linked{}, pulumi.Provider(explicit))
			},
			"does not know the resource type test:index:Other",
		},
		"a function": {
			north, func(ctx *pulumi.Context, explicit pulumi.ProviderResource) error {
				return ctx.Invoke("test:index:getOther", nil, &struct{}{}, pulumi.Provider(explicit))
			},
			"does not know the function test:index:getOther",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			_, err := inRegion(c.settings, c.program)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// The rules of a cloud apply in a mocked run as well, to all of its resources together.
func TestAStandInRefusesByItsRules(t *testing.T) {
	ruled := cloud()
	ruled.Rules = map[string]standin.Rules{objectType: {
		Limits: []standin.Limit{standin.AtLeast("size", 1, "https://test.example")},
		Name:   &standin.Name{Source: "https://test.example", Is: standin.Text("{name}"), Taken: "there is a %s already"},
	}}
	run := func(sizes ...int) error {
		_, err := mocktest.Try(func(ctx *pulumi.Context) error {
			explicit := &provider{}
			if err := ctx.RegisterResource(providerType, "explicit", north, explicit); err != nil {
				return err
			}
			for i, size := range sizes {
				inputs := pulumi.Map{"name": pulumi.String("a"), "size": pulumi.Int(size)}
				err := ctx.RegisterResource(objectType, fmt.Sprint(i), inputs, &linked{}, pulumi.Provider(explicit))
				if err != nil {
					return err
				}
			}
			return nil
		}, ruled)
		return err
	}
	require.NoError(t, run(1), "the control; a run knows nothing of the one before it")
	require.ErrorContains(t, run(0), "size: 0 is less than 1")
	require.ErrorContains(t, run(1, 1), "there is a a already", "two of one name")
}

func TestOtherPackagesAreRecordedAsTheyAre(t *testing.T) {
	recorded := mocktest.Run(t, func(ctx *pulumi.Context) error {
		one := &object{}
		if err := ctx.RegisterResource("other:index:Object", "one", pulumi.Map{"any": pulumi.String("a")}, one); err != nil {
			return err
		}
		ctx.Export("id", one.ID())
		return nil
	}, cloud())
	assert.Equal(t, map[string]any{"id": "one-id"}, recorded.Outputs)
}
