package sandbox

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func secretSource(kind, name, condition, status string) fields {
	specs := map[string]fields{
		"ExternalSecret": {"data": []fields{{"secretKey": "API_KEY"}}},
		"SealedSecret":   {"encryptedData": fields{"API_KEY": "AgBy"}},
	}
	return fields{
		"kind":     kind,
		"metadata": fields{"name": name, "labels": fields{"app.kubernetes.io/name": "payment-service"}},
		"spec":     specs[kind],
		"status":   fields{"conditions": []fields{{"type": condition, "status": status, "message": "it did not work"}}},
	}
}

func warning(name, message, second string) fields {
	return fields{
		"kind": "Event", "type": "Warning", "involvedObject": fields{"kind": "ExternalSecret", "name": name},
		"message": message, "lastTimestamp": "2026-01-01T00:00:" + second + "Z",
	}
}

func secretProblemsIn(t *testing.T, items ...fields) []string {
	t.Helper()
	listed, err := json.Marshal(fields{"items": items})
	require.NoError(t, err)
	problems, err := readSecretProblems(listed)
	require.NoError(t, err)
	return problems
}

func TestAMissingSecretIsToldWithItsServiceItsKeyAndTheWayOut(t *testing.T) {
	problems := secretProblemsIn(t,
		secretSource("ExternalSecret", "payment-service-api-key", "Ready", "False"),
		warning("payment-service-api-key", "(key: dreamseed-local-payment-api-key), err: not found", "02"),
		warning("payment-service-api-key", "an older one", "01"),
		warning("another", "another one's", "03"),
	)

	assert.Equal(t, []string{"payment-service has no secret API_KEY: ExternalSecret payment-service-api-key: " +
		"(key: dreamseed-local-payment-api-key), err: not found: " +
		"give it a value where the secrets are kept, under the name that is told"}, problems)
}

func TestWhatIsWrittenIsNoProblem(t *testing.T) {
	assert.Empty(t, secretProblemsIn(t,
		secretSource("ExternalSecret", "one", "Ready", "True"), secretSource("SealedSecret", "two", "Synced", "True"),
		warning("one", "it was not there at first", "01")))
}

func TestEveryKindHasItsWayOut(t *testing.T) {
	cases := map[string]struct{ condition, about, way string }{
		"SecretStore":    {"Ready", "has no secret: ", "let its service account read there"},
		"ExternalSecret": {"Ready", "has no secret API_KEY: ", "give it a value"},
		"SealedSecret":   {"Synced", "has no secret API_KEY: ", "dreamseed seal"},
	}
	for kind, tt := range cases {
		problems := secretProblemsIn(t, secretSource(kind, "one", tt.condition, "False"))
		require.Len(t, problems, 1, kind)
		assert.Contains(t, problems[0], tt.about, kind)
		assert.Contains(t, problems[0], "it did not work", "the condition, where there is no event")
		assert.Contains(t, problems[0], tt.way, kind)
	}
}
