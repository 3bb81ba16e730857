package secrets_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/secrets"
)

const (
	accountType  = "kubernetes:core/v1:ServiceAccount"
	externalType = "kubernetes:external-secrets.io/v1:ExternalSecret"
	storeType    = "kubernetes:external-secrets.io/v1:SecretStore"
	passwordType = "kubernetes:generators.external-secrets.io/v1alpha1:Password"
	grantType    = "test:index:Grant"
)

// cloud is a cluster that records which readers were requested.
type cloud struct {
	// property is the property of each reader's secrets, and refusal the error that refuses a reader.
	property string
	refusal  error

	asked []*cluster.SecretReaderArgs
}

func (c *cloud) newSecretReader(
	ctx *pulumi.Context, name string, args *cluster.SecretReaderArgs, _ ...pulumi.ResourceOption,
) (*cluster.SecretReader, error) {
	c.asked = append(c.asked, args)
	if c.refusal != nil {
		return nil, c.refusal
	}
	grant := &pulumi.CustomResourceState{}
	if err := ctx.RegisterResource(grantType, name, nil, grant); err != nil {
		return nil, err
	}
	return &cluster.SecretReader{
		Annotations:   pulumi.StringMap{"cloud/identity": pulumi.String("reader")},
		StoreProvider: pulumi.Map{"manager": pulumi.Map{"account": pulumi.String(args.ServiceAccount)}},
		Property:      c.property,
		Ready:         []pulumi.Resource{grant},
	}, nil
}

// auth returns the secrets of an owner that reads two and generates one.
func auth() *secrets.Args {
	return authWith(map[string]secrets.Source{"API_KEY": {}, "DATABASE_URL": {}, "SIGNING_KEY": {Generate: 64}})
}

func authWith(sources map[string]secrets.Source) *secrets.Args {
	return &secrets.Args{
		Owner: secrets.Owner{Name: "auth", Workload: "auth-service"}, Namespace: "dreamseed", Sources: sources,
		DeadlineSeconds: 600,
	}
}

// external gives the service its secrets from the cloud.
func external(c *cloud, args *secrets.Args) (*mocktest.Recording, *secrets.Secrets, error) {
	var given *secrets.Secrets
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		spec := &cluster.Spec{Name: "dreamseed-test"}
		target := &cluster.Cluster{NewSecretReader: c.newSecretReader}
		var err error
		given, err = secrets.External(spec, target, 60).NewSecrets(ctx, "auth-secrets", args)
		return err
	})
	return recording, given, err
}

// built is external for a cloud that refuses nothing.
func built(t *testing.T, c *cloud, args *secrets.Args) *mocktest.Recording {
	t.Helper()
	recording, _, err := external(c, args)
	require.NoError(t, err)
	return recording
}

func TestAReaderIsAskedForWhatIsReadAndNotForWhatIsDrawn(t *testing.T) {
	c := &cloud{}
	built(t, c, auth())
	assert.Equal(t, []*cluster.SecretReaderArgs{{
		Namespace: "dreamseed", ServiceAccount: "auth-secrets",
		Names:  []string{"dreamseed-test-auth-api-key", "dreamseed-test-auth-database-url"},
		Prefix: "dreamseed-test-auth-",
	}}, c.asked)
}

func TestAServiceThatReadsNothingHasNoReader(t *testing.T) {
	c := &cloud{}
	recording := built(t, c, authWith(map[string]secrets.Source{"SIGNING_KEY": {Generate: 64}}))
	assert.Empty(t, c.asked)
	for _, token := range []string{accountType, storeType} {
		assert.Empty(t, recording.OfType(token))
	}
	assert.Len(t, recording.OfType(externalType), 1, "it draws one")
}

// The cloud recognizes the account by its annotations.
func TestTheReadersAccountIsWhatTheCloudKnows(t *testing.T) {
	account := built(t, &cloud{}, auth()).Get(t, accountType, "auth-secrets-account")
	assert.Equal(t, "auth-secrets", account.At("metadata", "name"))
	assert.Equal(t, "dreamseed", account.At("metadata", "namespace"))
	assert.Equal(t, map[string]any{"cloud/identity": "reader"}, account.At("metadata", "annotations"))
	assert.Equal(t, false, account.At("automountServiceAccountToken"))
}

func TestTheStoreIsTheReadersAndWaitsUntilItMayRead(t *testing.T) {
	recording := built(t, &cloud{}, auth())
	store := recording.Get(t, storeType, "auth-secrets-store")
	assert.Equal(t, map[string]any{"provider": map[string]any{"manager": map[string]any{"account": "auth-secrets"}}},
		store.At("spec"))
	store.AssertDependsOn(t, mocktest.Ref(grantType, "auth-secrets-reader"),
		mocktest.Ref(accountType, "auth-secrets-account"))
	for _, key := range []string{"API_KEY", "DATABASE_URL"} {
		recording.Get(t, externalType, "auth-secrets-read-"+key).AssertDependsOn(t, store.Ref())
	}
}

func TestAValueIsReadFromWhereItIsKept(t *testing.T) {
	for reason, property := range map[string]string{"a secret is its value": "", "a secret has parts": "value"} {
		read := built(t, &cloud{property: property}, auth()).Get(t, externalType, "auth-secrets-read-API_KEY")
		ref := map[string]any{
			"key": "dreamseed-test-auth-api-key", "conversionStrategy": "Default", "decodingStrategy": "None",
			"metadataPolicy": "None",
		}
		if property != "" {
			ref["property"] = property
		}
		assert.Equal(t, []any{map[string]any{"secretKey": "API_KEY", "remoteRef": ref}}, read.At("spec", "data"), reason)
		assert.Equal(t, "1m0s", read.At("spec", "refreshInterval"), "as the operator writes it")
		assert.Nil(t, read.At("spec", "dataFrom"), "and from nowhere else")
	}
}

// The operator stores a generated value under the key "password".
func TestADrawnValueIsUnderItsKey(t *testing.T) {
	drawn := built(t, &cloud{}, auth()).Get(t, externalType, "auth-secrets-SIGNING_KEY")
	assert.Equal(t, []any{map[string]any{
		"sourceRef": map[string]any{"generatorRef": map[string]any{
			"apiVersion": "generators.external-secrets.io/v1alpha1", "kind": "Password", "name": "auth-service-signing-key",
		}},
		"rewrite": []any{map[string]any{"regexp": map[string]any{"source": "^password$", "target": "SIGNING_KEY"}}},
	}}, drawn.At("spec", "dataFrom"))
	assert.Nil(t, drawn.At("spec", "data"))
}

// The operator leaves an immutable Secret as it is, so it may process one that exists.
func TestADrawnValueIsNobodysAndStays(t *testing.T) {
	drawn := built(t, &cloud{}, auth()).Get(t, externalType, "auth-secrets-SIGNING_KEY")
	assert.Equal(t, "Orphan", drawn.At("spec", "target", "creationPolicy"), "it goes with no other object")
	assert.Equal(t, true, drawn.At("spec", "target", "immutable"), "and nobody changes it")
	assert.Equal(t, "Retain", drawn.At("spec", "target", "deletionPolicy"))
	assert.Equal(t, "OnChange", drawn.At("spec", "refreshPolicy"), "what an earlier release has drawn becomes so, too")
	assert.Equal(t, "0s", drawn.At("spec", "refreshInterval"), "and nothing else looks at it")
}

// A release never regenerates a Secret; a Secret that is read has to be readable for each release.
func TestEachReleaseJudgesWhatIsRead(t *testing.T) {
	args := auth()
	args.Release = "auth-service@sha256:beef"
	recording := built(t, &cloud{}, args)
	for name, want := range map[string]any{
		"auth-secrets-read-API_KEY": args.Release, "auth-secrets-read-DATABASE_URL": args.Release,
		"auth-secrets-SIGNING_KEY": nil,
	} {
		assert.Equal(t, want, recording.Get(t, externalType, name).At("metadata", "annotations", "dreamseed.ai/image"), name)
	}
}

// When one origin takes over from the other, nothing of the former is taken for the new one's: neither its Secret nor
// its status, nor the resource in the engine's state.
func TestWhatIsDrawnAndWhatIsReadShareNoName(t *testing.T) {
	drawn := authWith(map[string]secrets.Source{"KEY": {Generate: 32}})
	read := authWith(map[string]secrets.Source{"KEY": {}})
	before := built(t, &cloud{}, drawn).OfType(externalType)[0]
	after := built(t, &cloud{}, read).OfType(externalType)[0]
	assert.NotEqual(t, before.Name, after.Name)
	for _, path := range [][]any{{"metadata", "name"}, {"spec", "target", "name"}} {
		assert.NotEqual(t, before.At(path...), after.At(path...), path)
	}
}

func TestADrawnValueGoesIntoAnyURLAndAnyFile(t *testing.T) {
	password := built(t, &cloud{}, auth()).Get(t, passwordType, "auth-secrets-SIGNING_KEY-password")
	assert.Equal(t, "auth-service-signing-key", password.At("metadata", "name"))
	assert.Equal(t, map[string]any{
		"length": 64, "symbols": 0, "noUpper": false,
		"allowRepeat": true, // A quarter are digits, of which there are ten.
	}, password.At("spec"))
}

func TestWhatIsMountedIsWhatTheOperatorWrites(t *testing.T) {
	recording, given, err := external(&cloud{}, auth())
	require.NoError(t, err)
	assert.Equal(t, []secrets.Mounted{
		{Name: "auth-secrets-api-key", Key: "API_KEY"},
		{Name: "auth-secrets-database-url", Key: "DATABASE_URL"},
		{Name: "auth-service-signing-key", Key: "SIGNING_KEY"},
	}, given.Mounted)
	written := map[string]string{
		"API_KEY": "auth-secrets-read-API_KEY", "DATABASE_URL": "auth-secrets-read-DATABASE_URL",
		"SIGNING_KEY": "auth-secrets-SIGNING_KEY",
	}
	for _, mounted := range given.Mounted {
		assert.Equal(t, mounted.Name, recording.Get(t, externalType, written[mounted.Key]).At("spec", "target", "name"))
	}
	assert.Len(t, given.Ready, 3)
}

func TestARefusedReaderFailsItsServiceByName(t *testing.T) {
	refused := errors.New("refused")
	_, _, err := external(&cloud{refusal: refused}, auth())
	require.ErrorIs(t, err, refused)
	assert.ErrorContains(t, err, "auth")
}
