package enginetest

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

// readsItsSecrets shows that the services' Secrets come from the stand-in for the cloud's secret manager, and change
// with it. The operator is told to look at once, as a person does who does not want to wait.
func (p *production) readsItsSecrets(t *testing.T) {
	p.hasSecrets(t)
	p.arrives(t, func(t *testing.T, value string) {
		p.setInSecretManager(t, p.nameInSecretManager(t, "payment-service-database-url"), value)
		p.kubectl(t, "annotate", "externalsecret", "payment-service-database-url", "--namespace", p.namespace(),
			fmt.Sprintf("force-sync=%d", time.Now().UnixNano()))
	})
}

// nameInSecretManager is what an ExternalSecret asks the secret manager for.
func (s *stand) nameInSecretManager(t *testing.T, externalSecret string) string {
	t.Helper()
	return s.kubectl(t, "get", "externalsecret", externalSecret, "--namespace", s.namespace(),
		"--output=jsonpath={.spec.data[0].remoteRef.key}")
}

func (s *stand) setInSecretManager(t *testing.T, name, value string) {
	t.Helper()
	printed, err := s.tryKubectl(t.Context(), strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "Secret",
		"metadata": {"name": %q, "namespace": "secret-manager"}, "stringData": {"value": %q}}`, name, value)),
		"apply", "--server-side", "--force-conflicts", "--filename=-")
	require.NoError(t, err, printed)
}

// wrongStore is a store that cannot work: an edit of one that does, and what is said of it.
type wrongStore struct {
	edit *strings.Replacer
	says string
}

// Azure has no zone in a store.
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
	spec := p.kubectl(t, "get", "secretstore", "auth-secrets", "--namespace", p.namespace(), "--output=jsonpath={.spec}")
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			wrong := tt.edit.Replace(spec)
			require.NotEqual(t, spec, wrong)
			p.with(t, "secretstore/wrong", `{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore",
				"metadata": {"name": "wrong"}, "spec": `+wrong+`}`)

			p.kubectl(t, "wait", "--namespace", p.namespace(), "secretstore/wrong",
				"--timeout=60s", "--for=condition=Ready=false")

			assert.Contains(t, p.kubectl(t, "get", "events", "--namespace", p.namespace(),
				"--field-selector", "involvedObject.name=wrong"), tt.says)
		})
	}
}

// keepsItsSecrets searches for what the cloud answers in confidence, and for what its secret manager has.
func (p *production) keepsItsSecrets(t *testing.T) {
	preview := p.pulumi(t, p.box.Project(), nil, "preview", "--stack", p.stack.Name, "--diff", "--refresh",
		"--logtostderr", "-v=8")
	require.NoError(t, preview.err, preview.output)
	places := map[string]string{"preview --diff at level 8": preview.output}
	maps.Copy(places, p.objectsSearched(t))
	maps.Copy(places, p.filesSearched(t))

	assert.Empty(t, leak.Find(p.secretsOfTheCloud(t), places))
	// At this level the engine prints inputs, which hide nothing but what the configuration has encrypted. This one holds
	// no credential, and stands in clear nowhere else.
	delete(places, "preview --diff at level 8")
	assert.Empty(t, leak.Find(leak.Secrets{"the kubeconfig": "\ncurrent-context: "}, places))
	for _, place := range []string{"the state", "the state's backups", "the state's history"} {
		assert.Contains(t, places[place], "dreamseed-production", "the control: %s was looked at", place)
	}
}

// secretsOfTheCloud are a credential that the stand-ins for Google Cloud and Azure answer with, a value of the secret
// manager, and one that the operator has drawn.
func (p *production) secretsOfTheCloud(t *testing.T) leak.Secrets {
	t.Helper()
	return leak.Secrets{
		"a credential of the cloud": standin.Canary,
		"a value of the manager": p.secretValue(t, "secret-manager",
			p.nameInSecretManager(t, "auth-service-database-url"), "value"),
		"a generated password": p.generatedPassword(t),
	}
}
