package standin

import (
	"context"
	"encoding/base64"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Log receives the messages that a provider makes the engine show.
func (e *engine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.shown <- request
	return &emptypb.Empty{}, nil
}

func (e *engine) create(t *testing.T, inputs resource.PropertyMap, preview bool) (plugin.CreateResponse, error) {
	t.Helper()
	return e.Create(t.Context(), plugin.CreateRequest{URN: urn(skyCluster), Properties: inputs, Preview: preview})
}

func (e *engine) update(t *testing.T, inputs resource.PropertyMap, preview bool) resource.PropertyMap {
	t.Helper()
	old := properties(star(nil))
	updated, err := e.Update(t.Context(), plugin.UpdateRequest{
		URN: urn(skyCluster), ID: "one", OldInputs: old, OldOutputs: old, NewInputs: inputs, Preview: preview,
	})
	require.NoError(t, err)
	return updated.Properties
}

func (e *engine) remove(t *testing.T, inputs map[string]any) error {
	t.Helper()
	_, err := e.Delete(t.Context(), plugin.DeleteRequest{
		URN: urn(skyCluster), ID: "milky/north/star", Inputs: properties(inputs), Outputs: resource.PropertyMap{},
	})
	return err
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestTheEngineShowsThatTheCloudIsAStandIn(t *testing.T) {
	e := configured(t)
	_, err := e.create(t, properties(star(nil)), true) // this waits for the configuration
	require.NoError(t, err)
	require.Len(t, e.shown, 1)
	shown := <-e.shown
	assert.Equal(t, "sky is played by a stand-in: nothing is made in the cloud", shown.GetMessage())
	assert.Equal(t, pulumirpc.LogSeverity_INFO, shown.GetSeverity())
}

func TestTheVersionIsThatOfTheRealProvider(t *testing.T) {
	info, err := start(t).GetPluginInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "1.2.3", info.Version.String())
}

func TestTheEngineIsToldOfEverySettingThatIsRefused(t *testing.T) {
	checked, err := start(t).CheckConfig(t.Context(), plugin.CheckConfigRequest{
		URN:           urn("pulumi:providers:sky"),
		News:          properties(map[string]any{"version": "1.2.3", "project": "a", "projcet": "b", "regoin": "c"}),
		AllowUnknowns: true,
	})
	require.NoError(t, err)
	assert.Equal(t, []plugin.CheckFailure{
		{Reason: "projcet is not known to the stand-in; known are project, region"},
		{Reason: "regoin is not known to the stand-in; known are project, region"},
	}, checked.Failures)
}

func TestTheEngineIsToldOfEveryInputThatIsRefused(t *testing.T) {
	inputs := properties(star(map[string]any{"name": nil, "networkk": "x"}))
	inputs["pasword"] = resource.MakeSecret(resource.NewStringProperty("planted"))
	checked, err := configured(t).Check(t.Context(), plugin.CheckRequest{
		URN: urn(skyCluster), Olds: resource.PropertyMap{}, News: inputs, AllowUnknowns: true,
	})
	require.NoError(t, err)
	known := " is not known to the stand-in; known are auth, description, name, network, protected, region, size"
	assert.Equal(t, []plugin.CheckFailure{
		{Reason: "networkk" + known}, {Reason: "pasword" + known}, {Reason: "name is required and missing"},
	}, checked.Failures, "the engine prints the value of a property that is named apart from the reason, even a secret's")
}

func TestInputsPassTheCheckAsTheyAre(t *testing.T) {
	inputs := properties(star(nil))
	inputs["name"] = resource.MakeSecret(inputs["name"])
	inputs["network"] = notKnown()
	inputs["__defaults"] = resource.NewArrayProperty([]resource.PropertyValue{})
	checked, err := configured(t).Check(t.Context(), plugin.CheckRequest{
		URN: urn(skyCluster), Olds: resource.PropertyMap{}, News: inputs, AllowUnknowns: true,
	})
	require.NoError(t, err)
	assert.Empty(t, checked.Failures)
	assert.Equal(t, inputs, checked.Properties)
}

func TestAnUnknownTypeIsRefusedByEveryCall(t *testing.T) {
	e, stranger := configured(t), urn("sky:index:Moon")
	none := resource.PropertyMap{}
	calls := map[string]func() error{
		"check": func() error {
			_, err := e.Check(t.Context(), plugin.CheckRequest{URN: stranger, Olds: none, News: none})
			return err
		},
		"diff": func() error {
			_, err := e.Diff(t.Context(), plugin.DiffRequest{
				URN: stranger, ID: "one", OldInputs: none, OldOutputs: none, NewInputs: none,
			})
			return err
		},
		"create": func() error {
			_, err := e.Create(t.Context(), plugin.CreateRequest{URN: stranger, Properties: none})
			return err
		},
		"read": func() error {
			_, err := e.Read(t.Context(), plugin.ReadRequest{URN: stranger, ID: "one", Inputs: none, State: none})
			return err
		},
		"update": func() error {
			_, err := e.Update(t.Context(), plugin.UpdateRequest{
				URN: stranger, ID: "one", OldInputs: none, OldOutputs: none, NewInputs: none,
			})
			return err
		},
		"delete": func() error {
			_, err := e.Delete(t.Context(), plugin.DeleteRequest{URN: stranger, ID: "one", Inputs: none, Outputs: none})
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, call(), "does not know the resource type sky:index:Moon")
		})
	}
}

func TestAPreviewedCreationDoesNotKnowWhatTheCloudFillsIn(t *testing.T) {
	inputs := properties(star(map[string]any{"auth": map[string]any{"user": "me"}}))
	created, err := configured(t).create(t, inputs, true)
	require.NoError(t, err)
	want := properties(star(nil))
	want["auth"] = resource.NewObjectProperty(resource.PropertyMap{
		"user": resource.NewStringProperty("me"), "authority": notKnown(), "password": resource.MakeSecret(notKnown()),
	})
	for _, name := range []resource.PropertyKey{"region", "endpoint", "link", "path", "capacity"} {
		want[name] = notKnown()
	}
	assert.Equal(t, want, created.Properties)
	assert.Empty(t, created.ID)
}

func TestAPreviewedCreationKnowsWhatTheProgramSet(t *testing.T) {
	created, err := configured(t).create(t, properties(star(map[string]any{"region": "south"})), true)
	require.NoError(t, err)
	assert.Equal(t, resource.NewStringProperty("south"), created.Properties["region"])
}

func TestSecretsStaySecret(t *testing.T) {
	inputs := properties(star(nil))
	inputs["auth"] = resource.MakeSecret(resource.NewObjectProperty(properties(map[string]any{"user": "me"})))
	inputs["network"].ObjectValue()["subnet"] = resource.MakeSecret(resource.NewStringProperty("low"))
	created, err := configured(t).create(t, inputs, false)
	require.NoError(t, err)
	assert.Equal(t, inputs["network"], created.Properties["network"])
	require.True(t, created.Properties["auth"].IsSecret())
	assert.Equal(t, resource.PropertyMap{
		"user":      resource.NewStringProperty("me"),
		"authority": resource.NewStringProperty(encoded("planted-authority")),
		"password":  resource.MakeSecret(resource.NewStringProperty("planted-password")),
	}, created.Properties["auth"].SecretValue().Element.ObjectValue())
}

func TestAnUpdateFillsInAgain(t *testing.T) {
	updated := configured(t).update(t, properties(star(map[string]any{"size": 5})), false)
	assert.Equal(t, resource.NewNumberProperty(5), updated["size"])
	assert.Equal(t, resource.NewStringProperty("5 stars"), updated["capacity"])
	assert.Equal(t, resource.NewStringProperty("/one"), updated["path"], "the ID stays")
}

func TestAPreviewedUpdateKnowsAllButWhatDependsOnTheUnknown(t *testing.T) {
	inputs := properties(star(nil))
	inputs["size"] = notKnown()
	updated := configured(t).update(t, inputs, true)
	assert.Equal(t, notKnown(), updated["capacity"])
	assert.Equal(t, resource.NewStringProperty("https://sky.example/milky/north/star"), updated["link"])
	assert.Equal(t, resource.NewStringProperty("https://127.0.0.1:6443"), updated["endpoint"])
}

// If the provider did not accept secrets, the engine would mark too much as secret, and lose the mark elsewhere.
func TestTheStandInTakesSecretsFromTheEngine(t *testing.T) {
	e := &provider{cloud: sky(), engine: listen(t, func(server *grpc.Server) {
		pulumirpc.RegisterEngineServer(server, &engine{shown: make(chan *pulumirpc.LogRequest, 1)})
	})}
	response, err := e.Configure(t.Context(), &pulumirpc.ConfigureRequest{})
	require.NoError(t, err)
	assert.True(t, response.GetAcceptSecrets())
}

func TestARefreshSeesARotatedAuthority(t *testing.T) {
	e := configured(t)
	created, err := e.create(t, properties(star(nil)), false)
	require.NoError(t, err)
	sandbox(t, "https://127.0.0.1:7443", "rotated-authority")
	inputs := properties(star(nil))
	inputs["name"] = resource.MakeSecret(inputs["name"])
	read, err := e.Read(t.Context(), plugin.ReadRequest{
		URN: urn(skyCluster), ID: created.ID, Inputs: inputs, State: created.Properties,
	})
	require.NoError(t, err)
	assert.Equal(t, created.ID, read.ID)
	assert.Equal(t, inputs, read.Inputs)
	assert.Equal(t, encoded("rotated-authority"), read.Outputs["auth"].ObjectValue()["authority"].StringValue())
	assert.Equal(t, "https://127.0.0.1:7443", read.Outputs["endpoint"].StringValue())
	assert.Equal(t, created.Properties["path"], read.Outputs["path"])
}

func TestThereIsNothingToImport(t *testing.T) {
	_, err := configured(t).Read(t.Context(), plugin.ReadRequest{URN: urn(skyCluster), ID: "milky/north/star"})
	assert.ErrorContains(t, err, "reading milky/north/star: a stand-in knows no such resource")
}

func TestAProtectedResourceIsNotDeleted(t *testing.T) {
	e := configured(t)
	require.ErrorContains(t, e.remove(t, star(map[string]any{"protected": true})),
		"deleting milky/north/star: protected is true; set it to false first")
	require.NoError(t, e.remove(t, star(map[string]any{"protected": false})))
	require.NoError(t, e.remove(t, star(nil)))
}

func TestAFunctionsSecretsAreSecret(t *testing.T) {
	e := configured(t)
	answer, err := e.Invoke(t.Context(), plugin.InvokeRequest{
		Tok: "sky:index:getProject", Args: properties(map[string]any{"name": "milky"}),
	})
	require.NoError(t, err)
	assert.Equal(t, resource.NewStringProperty("milky-1"), answer.Properties["number"])
	assert.Equal(t, resource.MakeSecret(resource.NewStringProperty("planted-token")), answer.Properties["token"])
	_, err = e.Invoke(t.Context(), plugin.InvokeRequest{Tok: "sky:index:getMoon", Args: resource.PropertyMap{}})
	assert.ErrorContains(t, err, "does not know the function sky:index:getMoon")
}

func TestAStandInOnlyWorksInASandbox(t *testing.T) {
	for reason, c := range map[string]struct{ path, want string }{
		"outside of a sandbox":      {"", layout.KubeconfigVariable + " is not set"},
		"without its control plane": {filepath.Join(t.TempDir(), "gone"), "no such file or directory"},
	} {
		t.Run(reason, func(t *testing.T) {
			e := configured(t)
			t.Setenv(layout.KubeconfigVariable, c.path)
			_, err := e.create(t, properties(star(nil)), false)
			assert.ErrorContains(t, err, c.want)
		})
	}
}
