package standin

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const (
	token = "sky:balloon:Balloon"
	urn   = "urn:pulumi:test::dreamseed::" + token + "::mine"
)

// sky is a cloud without a cluster of anybody's.
func sky() Cloud {
	return Cloud{
		Package: "sky",
		Version: "1.2.3",
		Config:  []string{"altitude"},
		Resources: map[string]Resource{token: {
			Inputs: []string{
				"name", "basket.seats", "basket.ropes.length", "labels.*", "guarded", "gas",
			},
			Required:   []string{"name", "basket.seats"},
			Replaces:   []string{"name", "basket.ropes"},
			ID:         Text("balloons/{name}-{serial}"),
			Protection: "guarded",
			Outputs: map[string]Value{
				"link":             Text("https://sky/{altitude}/{id}"),
				"basket.weight":    Constant(70),
				"tower":            ServerURL,
				"tower2.authority": ServerAuthority,
			},
			Secrets: []string{"link"},
		}},
		Functions: map[string]Function{"sky:balloon:weather": {
			Arguments: []string{"place"},
			Result:    map[string]Value{"wind": Text("calm in {place}")},
		}},
	}
}

// kubeconfig writes one of a sandbox with this authority, and makes it the one that is found.
func kubeconfig(t *testing.T, authority string) {
	t.Helper()
	config := api.NewConfig()
	config.Clusters["here"] = &api.Cluster{
		Server: "https://127.0.0.1:6443", CertificateAuthorityData: []byte(authority),
	}
	config.Contexts["here"] = &api.Context{Cluster: "here"}
	config.CurrentContext = "here"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*config, path))
	t.Setenv(layout.KubeconfigVariable, path)
}

func configured(t *testing.T) *provider {
	t.Helper()
	kubeconfig(t, "first")
	p := &provider{cloud: sky()}
	_, err := p.Configure(t.Context(), &pulumirpc.ConfigureRequest{Args: encoded(t, map[string]any{"altitude": "high"})})
	require.NoError(t, err)
	return p
}

func encoded(t *testing.T, properties map[string]any) *structpb.Struct {
	t.Helper()
	written, err := write(resource.NewPropertyMapFromMap(properties))
	require.NoError(t, err)
	return written
}

func decoded(t *testing.T, written *structpb.Struct) resource.PropertyMap {
	t.Helper()
	properties, err := read(written)
	require.NoError(t, err)
	return properties
}

// balloon is one without a mistake.
func balloon() map[string]any {
	return map[string]any{
		"name":   "mine",
		"basket": map[string]any{"seats": 4, "ropes": []any{map[string]any{"length": 3}}},
		"labels": map[string]any{"colour": "red"},
	}
}

func TestUnknownPropertiesAreRefusedAllAtOnce(t *testing.T) {
	wrong := balloon()
	wrong["nam"] = "mine"
	wrong["basket"] = map[string]any{"ropes": []any{map[string]any{"length": 3}, map[string]any{"long": 4}}}

	checked, err := configured(t).Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: encoded(t, wrong)})

	require.NoError(t, err)
	var refused []string
	for _, failure := range checked.GetFailures() {
		refused = append(refused, failure.GetProperty())
	}
	assert.ElementsMatch(t, []string{"nam", "basket.ropes[1].long", "basket.seats"}, refused)
	assert.Contains(t, checked.GetFailures()[0].GetReason(), "known are name, basket.seats")
}

func TestWhatIsKnownIsAccepted(t *testing.T) {
	checked, err := configured(t).Check(t.Context(), &pulumirpc.CheckRequest{Urn: urn, News: encoded(t, balloon())})
	require.NoError(t, err)
	assert.Empty(t, checked.GetFailures())
}

func TestUnknownTypesFunctionsAndSettingsAreRefused(t *testing.T) {
	p := configured(t)
	_, err := p.Check(t.Context(), &pulumirpc.CheckRequest{Urn: "urn:pulumi:test::dreamseed::sky:plane:Plane::mine"})
	require.ErrorContains(t, err, "sky:plane:Plane")
	_, err = p.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "sky:balloon:land"})
	require.ErrorContains(t, err, "sky:balloon:land")
	_, err = p.Invoke(t.Context(), &pulumirpc.InvokeRequest{
		Tok: "sky:balloon:weather", Args: encoded(t, map[string]any{"plaice": "here"}),
	})
	require.ErrorContains(t, err, "plaice")
	settings, err := p.CheckConfig(t.Context(), &pulumirpc.CheckRequest{
		News: encoded(t, map[string]any{"attitude": "high"}),
	})
	require.NoError(t, err)
	require.Len(t, settings.GetFailures(), 1)
	assert.Equal(t, "attitude", settings.GetFailures()[0].GetProperty())
}

func TestAPreviewKnowsWhatIsGivenAndNothingElse(t *testing.T) {
	created, err := configured(t).Create(t.Context(), &pulumirpc.CreateRequest{
		Urn: urn, Properties: encoded(t, balloon()), Preview: true,
	})
	require.NoError(t, err)
	assert.Empty(t, created.GetId())
	outputs := decoded(t, created.GetProperties())
	assert.Equal(t, "mine", outputs["name"].StringValue())
	assert.True(t, outputs["link"].IsComputed())
	basket := outputs["basket"].ObjectValue()
	assert.True(t, basket["weight"].IsComputed())
	assert.InDelta(t, 4, basket["seats"].NumberValue(), 0, "the rest of an object is kept")
}

func TestACreationFillsInWhatTheCloudKnows(t *testing.T) {
	p := configured(t)
	request := &pulumirpc.CreateRequest{Urn: urn, Properties: encoded(t, balloon())}
	created, err := p.Create(t.Context(), request)
	require.NoError(t, err)
	assert.Regexp(t, `^balloons/mine-[a-z0-9]{17}$`, created.GetId())
	outputs := decoded(t, created.GetProperties())
	require.True(t, outputs["link"].IsSecret())
	assert.Equal(t, "https://sky/high/"+created.GetId(), outputs["link"].SecretValue().Element.StringValue())
	assert.Equal(t, "https://127.0.0.1:6443", outputs["tower"].StringValue())

	another, err := p.Create(t.Context(), request)
	require.NoError(t, err)
	assert.NotEqual(t, created.GetId(), another.GetId(), "a replacement is another one")
}

func TestAChangeSaysWhetherItReplaces(t *testing.T) {
	cases := map[string]struct {
		reason   string
		change   func(map[string]any)
		diffs    []string
		replaces []string
		kind     map[string]pulumirpc.PropertyDiff_Kind
	}{
		"nothing": {reason: "the same inputs", change: func(map[string]any) {}},
		"mutable": {
			reason: "it can be changed in place",
			change: func(b map[string]any) { b["labels"] = map[string]any{"colour": "blue"} },
			diffs:  []string{"labels"},
			kind:   map[string]pulumirpc.PropertyDiff_Kind{"labels.colour": pulumirpc.PropertyDiff_UPDATE},
		},
		"immutable": {
			reason:   "it cannot",
			change:   func(b map[string]any) { b["name"] = "yours" },
			diffs:    []string{"name"},
			replaces: []string{"name"},
			kind:     map[string]pulumirpc.PropertyDiff_Kind{"name": pulumirpc.PropertyDiff_UPDATE_REPLACE},
		},
		"below an immutable one": {
			reason: "every rope counts",
			change: func(b map[string]any) {
				b["basket"].(map[string]any)["ropes"] = []any{map[string]any{"length": 3}, map[string]any{"length": 5}}
			},
			diffs:    []string{"basket"},
			replaces: []string{"basket"},
			kind:     map[string]pulumirpc.PropertyDiff_Kind{"basket.ropes[1].length": pulumirpc.PropertyDiff_ADD_REPLACE},
		},
		"beside an immutable one": {
			reason: "seats are no ropes",
			change: func(b map[string]any) { b["basket"].(map[string]any)["seats"] = 5 },
			diffs:  []string{"basket"},
			kind:   map[string]pulumirpc.PropertyDiff_Kind{"basket.seats": pulumirpc.PropertyDiff_UPDATE},
		},
		"not known yet": {
			reason: "it may become another one",
			change: func(b map[string]any) { b["gas"] = resource.MakeComputed(resource.NewStringProperty("")) },
			diffs:  []string{"gas"},
			kind:   map[string]pulumirpc.PropertyDiff_Kind{"gas": pulumirpc.PropertyDiff_ADD},
		},
		"taken away": {
			reason: "it was there",
			change: func(b map[string]any) { delete(b, "labels") },
			diffs:  []string{"labels"},
			kind:   map[string]pulumirpc.PropertyDiff_Kind{"labels.colour": pulumirpc.PropertyDiff_DELETE},
		},
	}
	p := configured(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			changed := balloon()
			c.change(changed)
			response, err := p.Diff(t.Context(), &pulumirpc.DiffRequest{
				Urn: urn, OldInputs: encoded(t, balloon()), News: encoded(t, changed),
			})
			require.NoError(t, err)
			assert.Equal(t, c.diffs, response.GetDiffs(), c.reason)
			assert.Equal(t, c.replaces, response.GetReplaces(), c.reason)
			assert.Equal(t, len(c.diffs) > 0, response.GetChanges() == pulumirpc.DiffResponse_DIFF_SOME)
			for path, kind := range c.kind {
				require.Contains(t, response.GetDetailedDiff(), path)
				assert.Equal(t, kind, response.GetDetailedDiff()[path].GetKind(), path)
			}
			assert.Len(t, response.GetDetailedDiff(), len(c.kind))
		})
	}
}

func TestAReadSeesARotatedAuthority(t *testing.T) {
	p := configured(t)
	request := &pulumirpc.ReadRequest{Id: "balloons/mine", Urn: urn, Inputs: encoded(t, balloon())}
	authority := func() string {
		answer, err := p.Read(t.Context(), request)
		require.NoError(t, err)
		assert.Equal(t, "balloons/mine", answer.GetId())
		return decoded(t, answer.GetProperties())["tower2"].ObjectValue()["authority"].StringValue()
	}
	before := authority()
	kubeconfig(t, "second")
	assert.NotEqual(t, before, authority())
}

func TestAnUpdateKeepsWhoItIs(t *testing.T) {
	p := configured(t)
	changed := balloon()
	changed["gas"] = "helium"
	updated, err := p.Update(t.Context(), &pulumirpc.UpdateRequest{
		Id: "balloons/mine", Urn: urn, News: encoded(t, changed),
	})
	require.NoError(t, err)
	outputs := decoded(t, updated.GetProperties())
	assert.Equal(t, "helium", outputs["gas"].StringValue())
	assert.Equal(t, "https://sky/high/balloons/mine", outputs["link"].SecretValue().Element.StringValue())
}

func TestWhatTheCloudProtectsIsNotDeleted(t *testing.T) {
	p := configured(t)
	guarded := balloon()
	for _, on := range []bool{true, false} {
		guarded["guarded"] = on
		_, err := p.Delete(t.Context(), &pulumirpc.DeleteRequest{
			Id: "balloons/mine", Urn: urn, OldInputs: encoded(t, guarded),
		})
		assert.Equal(t, on, err != nil)
	}
}

func TestAStandInOnlyWorksInASandbox(t *testing.T) {
	p := configured(t)
	for _, path := range []string{"", filepath.Join(t.TempDir(), "none")} {
		t.Setenv(layout.KubeconfigVariable, path)
		_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: encoded(t, balloon())})
		require.ErrorContains(t, err, "finding the sandbox's API server")
	}
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	t.Setenv(layout.KubeconfigVariable, empty)
	_, err := p.Create(t.Context(), &pulumirpc.CreateRequest{Urn: urn, Properties: encoded(t, balloon())})
	require.ErrorContains(t, err, "no current cluster")
}

func TestATemplateThatNamesNothingIsAnError(t *testing.T) {
	cloud := sky()
	broken := cloud.Resources[token]
	broken.Outputs = map[string]Value{"link": Text("{nobody}")}
	cloud.Resources[token] = broken
	_, _, err := cloud.Create(token, balloon(), nil, APIServer{})
	require.ErrorContains(t, err, `filling in link: filling in "{nobody}"`)
}

func TestTheVersionIsThatOfTheRealProvider(t *testing.T) {
	info, err := configured(t).GetPluginInfo(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, "1.2.3", info.GetVersion())
}
