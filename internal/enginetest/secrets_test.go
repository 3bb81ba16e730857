package enginetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

func TestSecretsOfTheSecretManager(t *testing.T) {
	failing.AsTracked(t)
	assert.Regexp(t, "^[A-Za-z0-9]{64}$", failing.GeneratedPassword(t))
	failing.KeepsItsSecrets(t, externalKeeper(failing))
}

// externalKeeper returns a backend that changes values in the cluster's own secret manager.
func externalKeeper(s *subject) testbed.SecretBackend {
	selected := func(c testbed.Configuration) { c["dreamseed:secrets"] = map[string]any{"refreshSeconds": 1} }
	return testbed.SecretBackend{
		Selected: selected,
		Change: func(t *testing.T, value string) {
			s.SetInSecretManager(t, "dreamseed-local-payment-database-url", value)
		},
		Broken: func(c testbed.Configuration) {
			selected(c)
			testbed.Service(c, "payment")["secrets"] = map[string]any{"API_KEY_MISSING": map[string]any{}}
			testbed.Service(c, "auth")["secrets"] = map[string]any{"API_KEY": map[string]any{}}
		},
		Says: []string{"dreamseed-local-payment-api-key-missing", "not found", "give it a value"},
	}
}

// The reader of one service requests the secret of another one.
func TestAReaderReadsNoOtherServicesSecrets(t *testing.T) {
	failing.AsTracked(t)
	cases := map[string]struct{ key, status, says string }{
		"its own":   {"dreamseed-local-auth-database-url", "True", ""},
		"another's": {"dreamseed-local-payment-database-url", "False", "forbidden"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			asked := "asked-" + strings.Fields(strings.ReplaceAll(name, "'", ""))[0]
			failing.With(t, "externalsecret/"+asked, fmt.Sprintf(`{"apiVersion": "external-secrets.io/v1",
				"kind": "ExternalSecret", "metadata": {"name": %q}, "spec": {
					"secretStoreRef": {"kind": "SecretStore", "name": "auth-secrets"},
					"data": [{"secretKey": "it", "remoteRef": {"key": %q, "property": "value"}}]}}`, asked, tt.key))

			failing.Kubectl(t, "wait", "--namespace", failing.Namespace(), "externalsecret/"+asked, "--timeout=60s",
				"--for=jsonpath={.status.conditions[0].status}="+tt.status)

			events := failing.Kubectl(t, "get", "events", "--namespace", failing.Namespace(),
				"--field-selector", "involvedObject.name="+asked)
			assert.Contains(t, events, tt.says)
		})
	}
}

// A first preview must not fail because kinds are not installed yet.
func TestAFirstPreviewNeedsNoKinds(t *testing.T) {
	dying.AsTracked(t)
	dying.Destroy(t)
	dying.Kubectl(t, "delete", "customresourcedefinitions", "externalsecrets.external-secrets.io",
		"secretstores.external-secrets.io", "passwords.generators.external-secrets.io")

	planned := dying.Preview(t, testbed.WithState)

	assert.Len(t, testbed.Steps(planned, "kubernetes:external-secrets.io/v1:SecretStore", apitype.OpCreate), 7)
	assert.Len(t, testbed.Steps(planned, "kubernetes:external-secrets.io/v1:ExternalSecret", apitype.OpCreate), 8)
}
