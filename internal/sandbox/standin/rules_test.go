package standin

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// skyRules returns the rules of sky: it refuses a version out of support, a star smaller than its moon, and a name that
// is taken. A name that begins with "eternal" stays taken forever. A load balancer uses a star by its name.
func skyRules() map[string]Rules {
	return map[string]Rules{skyCluster: {
		Limits: []Limit{
			SoldVersion("description", support.EKS, VersionAnswers{Unsold: "unsupported version %s"}),
			OneMinorUp("description", "https://sky.example/up", VersionAnswers{Skipped: "no update from %s to %s"}),
		},
		Clashes: []Limit{{Source: "https://sky.example/moon", Refuses: func(r Request) string {
			size, _ := r.Number("size")
			if moon, is := r.Find(skyCluster, Text("moon"))["size"].(int); is && size < moon {
				return "smaller than the moon"
			}
			return ""
		}}},
		Name: &Name{
			Source: "https://sky.example/name", Is: Text("{name}"), Taken: "there is a %s already",
			Outlives: func(name string) bool { return name == "eternal" },
		},
		Hold: &Hold{
			Source: "https://sky.example/hold", Annotation: "sky.example/stars", Names: Text("{name}"), Says: "%s is in use",
		},
	}}
}

func (e *engine) made(t *testing.T, changed map[string]any) (plugin.CreateResponse, error) {
	t.Helper()
	return e.create(t, properties(star(changed)), false)
}

func (e *engine) checked(t *testing.T, former, inputs map[string]any) []plugin.CheckFailure {
	t.Helper()
	checked, err := e.Check(t.Context(), plugin.CheckRequest{
		URN: urn(skyCluster), Olds: properties(former), News: properties(inputs), AllowUnknowns: true,
	})
	require.NoError(t, err)
	return checked.Failures
}

func refused(reason string) []plugin.CheckFailure { return []plugin.CheckFailure{{Reason: reason}} }

func TestAPreviewAlreadyShowsWhatTheCloudHasAgainstARequest(t *testing.T) {
	version := func(of string) map[string]any { return star(map[string]any{"description": of}) }
	for reason, c := range map[string]struct {
		former, inputs map[string]any
		want           []plugin.CheckFailure
	}{
		"a version that is sold":           {nil, version("1.35"), nil},
		"a version that is out":            {nil, version("1.33"), refused("unsupported version 1.33")},
		"a version that is there may stay": {version("1.33"), version("1.33"), nil},
		"one minor up":                     {version("1.34"), version("1.35"), nil},
		"two minors up": {
			version("1.34"), version("1.36"), refused("no update from 1.34 to 1.36"),
		},
		"down": {
			version("1.35"), version("1.34"), refused("no update from 1.35 to 1.34"),
		},
		"one that is not known yet": {version("1.33"), star(map[string]any{"description": unknown}), nil},
	} {
		t.Run(reason, func(t *testing.T) {
			assert.Equal(t, c.want, configured(t).checked(t, c.former, c.inputs))
		})
	}
}

func TestANameIsTakenWhileItsOwnerExists(t *testing.T) {
	e := configured(t)
	_, err := e.made(t, nil)
	require.NoError(t, err)
	_, err = e.made(t, nil)
	require.ErrorContains(t, err, "there is a star already", "also from within one stack")
	_, err = e.made(t, map[string]any{"name": "other"})
	require.NoError(t, err, "another name is free")
	require.NoError(t, e.remove(t, star(nil)))
	_, err = e.made(t, nil)
	require.NoError(t, err, "the name is free again")
}

func TestAPreviewTakesNoName(t *testing.T) {
	e := configured(t)
	for range 2 {
		_, err := e.create(t, properties(star(nil)), true)
		require.NoError(t, err)
	}
}

func TestANameThatOutlivesItsOwnerStaysTaken(t *testing.T) {
	e := configured(t)
	eternal := map[string]any{"name": "eternal"}
	first, err := e.made(t, eternal)
	require.NoError(t, err)
	_, err = e.Delete(t.Context(), plugin.DeleteRequest{
		URN: urn(skyCluster), ID: first.ID, Inputs: properties(star(eternal)), Outputs: resource.PropertyMap{},
	})
	require.NoError(t, err)
	_, exists, err := e.memory.find(skyCluster, "eternal")
	require.NoError(t, err)
	assert.False(t, exists, "its name is all that is left")
	_, err = e.made(t, eternal)
	require.ErrorContains(t, err, "there is a eternal already", "born again under the same name")
	_, err = e.made(t, map[string]any{"name": "mortal"})
	require.NoError(t, err, "the first remedy: another name")

	read, err := e.Read(t.Context(), plugin.ReadRequest{URN: urn(skyCluster), ID: first.ID})
	require.NoError(t, err, "the second remedy: to import what is still there")
	assert.Equal(t, first.ID, read.ID)
	assert.Equal(t, properties(star(eternal)), read.Inputs)
	assert.Equal(t, "3 stars", read.Outputs["capacity"].StringValue())
	_, exists, err = e.memory.find(skyCluster, "eternal")
	require.NoError(t, err)
	assert.True(t, exists, "it is somebody's again")

	require.NoError(t, e.memory.Forget(skyCluster, "eternal"))
	_, err = e.made(t, eternal)
	require.NoError(t, err, "the third remedy: to delete it by hand, where the cloud lets one")
}

func TestASecretIsNotRemembered(t *testing.T) {
	e := configured(t)
	inputs := properties(star(nil))
	inputs["description"] = resource.MakeSecret(resource.NewStringProperty("1.35"))
	created, err := e.create(t, inputs, false)
	require.NoError(t, err)
	found, exists, err := e.memory.find(skyCluster, "star")
	require.NoError(t, err)
	assert.True(t, exists, "its name is taken nevertheless")
	assert.Equal(t, named{ID: string(created.ID)}, found)
}

func TestWhatExistsStandsAgainstARequest(t *testing.T) {
	e := configured(t)
	_, err := e.made(t, map[string]any{"name": "moon", "size": 2})
	require.NoError(t, err)
	_, err = e.made(t, map[string]any{"name": "dwarf", "size": 1})
	require.ErrorContains(t, err, "smaller than the moon")
	_, err = e.made(t, map[string]any{"name": "dwarf", "size": 2})
	require.NoError(t, err, "what was refused took no name")
	e.update(t, properties(star(map[string]any{"name": "moon", "size": 5})), true)
	e.update(t, properties(star(map[string]any{"name": "dwarf", "size": 4})), false)
	e.update(t, properties(star(map[string]any{"name": "moon", "size": 5})), false)
	_, err = e.Update(t.Context(), plugin.UpdateRequest{
		URN: urn(skyCluster), ID: "one", OldInputs: properties(star(nil)), OldOutputs: properties(star(nil)),
		NewInputs: properties(star(map[string]any{"name": "dwarf", "size": 4})),
	})
	require.ErrorContains(t, err, "smaller than the moon", "which an update has changed, and a preview has not")
}

func TestWhatALoadBalancerUsesIsNotDeleted(t *testing.T) {
	balancer := func(kind, annotation, uses string) service {
		var one service
		one.Metadata.Namespace, one.Metadata.Name = "traefik", "front"
		one.Metadata.Annotations = map[string]string{annotation: uses}
		one.Spec.Type = kind
		return one
	}
	for reason, c := range map[string]struct {
		service service
		held    bool
	}{
		"the one that it names":             {balancer("LoadBalancer", "sky.example/stars", "star"), true},
		"one of those that it names":        {balancer("LoadBalancer", "sky.example/stars", "moon, star"), true},
		"another one":                       {balancer("LoadBalancer", "sky.example/stars", "starlet"), false},
		"a Service without a load balancer": {balancer("ClusterIP", "sky.example/stars", "star"), false},
		"another annotation":                {balancer("LoadBalancer", "sky.example/moons", "star"), false},
	} {
		t.Run(reason, func(t *testing.T) {
			e := configured(t)
			e.balancers = []service{c.service}
			err := e.remove(t, star(nil))
			if !c.held {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "milky/north/star is in use (the load balancer of Service traefik/front)")
			e.balancers = nil
			require.NoError(t, e.remove(t, star(nil)), "it is free once the Service is gone")
		})
	}
}

func TestAFlawInTheRulesIsFound(t *testing.T) {
	cloud := sky()
	cloud.Rules["sky:index:Moon"] = Rules{}
	cloud.Rules[skyPool] = Rules{
		Limits:  []Limit{{}},
		Clashes: []Limit{{Source: "http://sky.example"}},
		Name:    &Name{Source: "https://sky.example", Is: Text("{namee}"), Taken: "taken"},
		Hold:    &Hold{Source: "https://sky.example", Names: Text("{nome}"), Says: "%s %s"},
	}
	err := cloud.Check()
	for _, want := range []string{
		"sky:index:Moon: has rules, and is no resource type", `has the source ""`, `has the source "http://sky.example"`,
		"making its name: there is no {namee}", `its name is not once in the answer "taken"`,
		"making its hold: there is no {nome}", `its hold is not once in the answer "%s %s"`,
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestLimits(t *testing.T) {
	const source = "https://sky.example"
	for reason, c := range map[string]struct {
		limit  Limit
		inputs map[string]any
		want   string
	}{
		"a text of the right shape":    {Shaped("a", "x{2}", source), map[string]any{"a": "xx"}, ""},
		"a text that only begins so":   {Shaped("a", "x|y", source), map[string]any{"a": "xz"}, `a: "xz" does not match x|y`},
		"a text that is not known yet": {Shaped("a", "x", source), map[string]any{"a": unknown}, ""},
		"a text that is not given":     {Shaped("a", "x", source), nil, ""},
		"one of the allowed":           {OneOf("a", source, "x", "y"), map[string]any{"a": "y"}, ""},
		"none of the allowed":          {OneOf("a", source, "x", "y"), map[string]any{"a": "z"}, `a: "z" is none of x, y`},
		"none of the allowed, in a list": {
			OneOf("a.b", source, "x"), map[string]any{"a": []any{map[string]any{"b": "x"}, map[string]any{"b": "z"}}},
			`a.b: "z" is none of x`,
		},
		"the bound":           {AtLeast("a", 1, source), map[string]any{"a": 1}, ""},
		"less than the bound": {AtLeast("a", 1, source), map[string]any{"a": 0}, "a: 0 is less than 1"},
		"numbers in order":    {Ordered(source, "a", "b", "c"), map[string]any{"a": 1, "b": 1, "c": 2}, ""},
		"numbers out of order": {
			Ordered(source, "a", "b", "c"), map[string]any{"a": 1, "b": 3, "c": 2}, "b: 3 is greater than 2, which is c",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			assert.Equal(t, c.want, c.limit.Refuses(Request{Inputs: c.inputs, Today: time.Time{}}))
		})
	}
}
