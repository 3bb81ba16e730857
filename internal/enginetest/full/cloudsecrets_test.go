package full

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/leak"
	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// readsItsSecrets asserts that the services' Secrets come from the stand-in for the cloud's secret manager, and change
// with it. It forces the operator to refresh at once, as an impatient person would.
func (p *production) readsItsSecrets(t *testing.T) {
	p.HasSecrets(t)
	p.Arrives(t, func(t *testing.T, value string) {
		p.SetInSecretManager(t, p.nameInSecretManager(t, "payment-secrets-database-url"), value)
		p.Kubectl(t, "annotate", "externalsecret", "payment-secrets-database-url", "--namespace", p.Namespace(),
			fmt.Sprintf("force-sync=%d", time.Now().UnixNano()))
	})
}

// nameInSecretManager returns the name that an ExternalSecret requests from the secret manager.
func (p *production) nameInSecretManager(t *testing.T, externalSecret string) string {
	t.Helper()
	return p.Kubectl(t, "get", "externalsecret", externalSecret, "--namespace", p.Namespace(),
		"--output=jsonpath={.spec.data[0].remoteRef.key}")
}

// wrongStore is a store that cannot work: an edit of a working one, and the expected message.
type wrongStore struct {
	edit *strings.Replacer
	says string
}

// On Azure a store has no zone.
var storesInAZone = map[cluster.Cloud]wrongStore{
	cluster.GKE: {strings.NewReplacer(`"europe-west4"`, `"europe-west4-a"`), `"europe-west4-a" is no region`},
	cluster.EKS: {strings.NewReplacer(`"eu-central-1"`, `"eu-central-1a"`), `"eu-central-1a" is no region`},
}

func (p *production) refusesWrongStores(t *testing.T) {
	cases := map[string]wrongStore{
		"as somebody whom the cloud does not know": {strings.NewReplacer(`"auth-secrets"`, `"default"`), "has no annotation"},
	}
	if zoned, has := storesInAZone[p.cloud]; has {
		cases["in a zone"] = zoned
	}
	spec := p.Kubectl(t, "get", "secretstore", "auth-secrets", "--namespace", p.Namespace(), "--output=jsonpath={.spec}")
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			wrong := tt.edit.Replace(spec)
			require.NotEqual(t, spec, wrong)
			p.With(t, "secretstore/wrong", `{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore",
				"metadata": {"name": "wrong"}, "spec": `+wrong+`}`)

			p.Kubectl(t, "wait", "--namespace", p.Namespace(), "secretstore/wrong",
				"--timeout=60s", "--for=condition=Ready=false")

			assert.Contains(t, p.Kubectl(t, "get", "events", "--namespace", p.Namespace(),
				"--field-selector", "involvedObject.name=wrong"), tt.says)
		})
	}
}

// keepsItsSecrets searches for the secrets in the cloud's answers and in its secret manager.
func (p *production) keepsItsSecrets(t *testing.T) {
	preview := p.Pulumi(t, p.Box.Project(), nil, "preview", "--stack", p.Stack.Name, "--diff", "--refresh",
		"--logtostderr", "-v=8")
	require.NoError(t, preview.Err, preview.Output)
	places := map[string]string{"preview --diff at level 8": preview.Output}
	maps.Copy(places, p.ObjectsSearched(t))
	maps.Copy(places, p.FilesSearched(t))

	assert.Empty(t, leak.Find(p.secretsOfTheCloud(t), places))
	// At this level the engine prints inputs, and hides only values that the configuration has encrypted. The kubeconfig
	// is not one of them; it holds no credential, and appears in clear text nowhere else.
	delete(places, "preview --diff at level 8")
	assert.Empty(t, leak.Find(leak.Secrets{"the kubeconfig": "\ncurrent-context: "}, places))
	for _, place := range []string{"the state", "the state's backups", "the state's history"} {
		assert.Contains(t, places[place], "dreamseed-production", "the control: %s was looked at", place)
	}
}

// secretsOfTheCloud returns a credential in the answers of the stand-ins for Google Cloud and Azure, a value of the
// secret manager, and one that the operator has drawn.
func (p *production) secretsOfTheCloud(t *testing.T) leak.Secrets {
	t.Helper()
	return leak.Secrets{
		"a credential of the cloud": standin.Canary,
		"a value of the manager": p.SecretValue(t, "secret-manager",
			p.nameInSecretManager(t, "auth-secrets-database-url"), "value"),
		"a generated password": p.GeneratedPassword(t),
	}
}
