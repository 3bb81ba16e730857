package live

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// source returns a source as the API server lists it, in its second generation.
func source(t *testing.T, kind string, status fields) secretSource {
	t.Helper()
	specs := map[string]fields{
		"ExternalSecret": {"data": []fields{{"secretKey": "API_KEY"}}},
		"SealedSecret":   {"encryptedData": fields{"API_KEY": "AgBy"}},
	}
	return parsedSource(t, kind, specs[kind], status)
}

// drawnSource returns a source with a generated value, which exists nowhere else.
func drawnSource(t *testing.T, status fields) secretSource {
	t.Helper()
	rewrite := []fields{{"regexp": fields{"source": "^password$", "target": "API_KEY"}}}
	return parsedSource(t, "ExternalSecret", fields{"dataFrom": []fields{{"rewrite": rewrite}}}, status)
}

// onceSource returns a source with a generated value, which is written from a version of its template, once.
func onceSource(t *testing.T, version string, status fields) secretSource {
	t.Helper()
	return parsedSource(t, "ExternalSecret", fields{
		"refreshPolicy": "CreatedOnce", "dataFrom": []fields{{}},
		"target": fields{"template": fields{"metadata": fields{"annotations": fields{"dreamseed.ai/template": version}}}},
	}, status)
}

func parsedSource(t *testing.T, kind string, spec, status fields) secretSource {
	t.Helper()
	object, err := json.Marshal(fields{
		"metadata": fields{
			"name": "it", "namespace": "home", "generation": 2, "labels": fields{"app.kubernetes.io/name": "payment-service"},
		},
		"spec": spec, "status": status,
	})
	require.NoError(t, err)
	var parsed secretSource
	require.NoError(t, json.Unmarshal(object, &parsed))
	for _, one := range sourceKinds {
		if one.name == kind {
			parsed.kind = one
		}
	}
	return parsed
}

func conditionsOf(kind, status string) []fields {
	types := map[string]string{"SecretStore": "Ready", "ExternalSecret": "Ready", "SealedSecret": "Synced"}
	return []fields{{"type": types[kind], "status": status, "message": "it did not work"}}
}

// well returns the status that an operator sets after it has written a Secret from the current generation.
func well(kind string) fields {
	return fields{
		"conditions": conditionsOf(kind, "True"), "observedGeneration": 2, "syncedResourceVersion": "2-0c8f",
	}
}

var allSecrets = existing{"home/it": {}}

func TestWhatIsWrittenIsNoProblem(t *testing.T) {
	for _, kind := range sourceKinds {
		it := source(t, kind.name, well(kind.name))
		it.said = "it was not there at first"
		assert.Empty(t, it.problems(allSecrets), kind.name)
	}
	drawn := drawnSource(t, well("ExternalSecret"))
	assert.Empty(t, drawn.problems(allSecrets))
}

func TestASecretThatIsWrittenOnceIsJudgedByItsTemplate(t *testing.T) {
	before := with(well("ExternalSecret"), "syncedResourceVersion", "1-0c8f")
	secrets := existing{"home/it": {Annotations: map[string]string{"dreamseed.ai/template": "first"}}}

	same := onceSource(t, "first", before)
	assert.Empty(t, same.problems(secrets), "what else was changed, and taken back, is not of the Secret")
	other := onceSource(t, "second", before)
	short := other.problems(secrets)
	require.Len(t, short, 1)
	assert.Contains(t, short[0].What, "delete the Secret")
	assert.True(t, short[0].Settled, "nothing happens by itself")
	short = other.problems(existing{})
	require.Len(t, short, 1)
	assert.False(t, short[0].Settled, "it is drawn anew")
	never := onceSource(t, "first", with(before, "syncedResourceVersion", ""))
	assert.Len(t, never.problems(secrets), 1)
}

func TestAMissingSecretIsToldWithItsServiceItsKeyAndTheWayOut(t *testing.T) {
	it := source(t, "ExternalSecret", fields{"conditions": conditionsOf("ExternalSecret", "False")})
	it.said = "(key: dreamseed-local-payment-api-key), err: not found"

	assert.Equal(t, []Problem{{What: "payment-service has no secret API_KEY: ExternalSecret it: " +
		"(key: dreamseed-local-payment-api-key), err: not found; it did not work: " +
		"give it a value where the secrets are kept, under the name that is told", Settled: true}},
		it.problems(allSecrets))
}

func TestEveryKindHasItsWayOut(t *testing.T) {
	cases := map[string]struct{ about, way string }{
		"SecretStore":    {"has no secret: ", "let its service account read there"},
		"ExternalSecret": {"has no secret API_KEY: ", "give it a value"},
		"SealedSecret":   {"has no secret API_KEY: ", "dreamseed seal"},
	}
	for kind, tt := range cases {
		it := source(t, kind, fields{"conditions": conditionsOf(kind, "False")})
		short := it.problems(allSecrets)
		require.Len(t, short, 1, kind)
		assert.Contains(t, short[0].What, tt.about, kind)
		assert.Contains(t, short[0].What, "it did not work", "the condition, where there is no event")
		assert.Contains(t, short[0].What, tt.way, kind)
	}
}

func TestASecretIsJudgedByWhatIsSaidOfItAsItIsNow(t *testing.T) {
	noSecret := existing{}
	cases := map[string]struct {
		it      secretSource
		secrets existing
		settled bool
		says    string
	}{
		"of nothing": {source(t, "ExternalSecret", fields{}), allSecrets, false, "has not looked"},
		"of its former generation": {
			source(t, "ExternalSecret", with(well("ExternalSecret"), "syncedResourceVersion", "1-0c8f")), allSecrets,
			false, "has not looked",
		},
		"of a generation that begins alike": {
			source(t, "ExternalSecret", with(well("ExternalSecret"), "syncedResourceVersion", "20-0c8f")), allSecrets,
			false, "has not looked",
		},
		"of a former sealed value": {
			source(t, "SealedSecret", with(well("SealedSecret"), "observedGeneration", 1)), allSecrets,
			false, "has not looked",
		},
		"its Secret is gone, which is written again": {
			source(t, "ExternalSecret", well("ExternalSecret")), noSecret, false, "its Secret is gone",
		},
		"its Secret is gone, which was drawn": {
			drawnSource(t, well("ExternalSecret")), noSecret, true, "nobody else has the value",
		},
		"it is no more to be had": {
			source(t, "ExternalSecret", with(well("ExternalSecret"), "conditions", conditionsOf("ExternalSecret", "False"))),
			allSecrets, true, "it did not work",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			short := tt.it.problems(tt.secrets)
			require.Len(t, short, 1)
			assert.Equal(t, tt.settled, short[0].Settled)
			assert.Contains(t, short[0].What, "payment-service has no secret API_KEY")
			assert.Contains(t, short[0].What, tt.says)
		})
	}
}

func TestWhatIsOnItsWayOutIsNoProblem(t *testing.T) {
	it := source(t, "ExternalSecret", fields{"conditions": conditionsOf("ExternalSecret", "False")})
	it.Metadata.DeletionTimestamp = "2026-01-01T00:00:00Z"
	assert.Empty(t, it.problems(allSecrets))
}

func TestTheLastWarningAboutAnObjectIsTold(t *testing.T) {
	var warnings []warning
	require.NoError(t, json.Unmarshal([]byte(`[
		{"involvedObject": {"kind": "ExternalSecret", "name": "it", "namespace": "home"},
			"message": "the last", "lastTimestamp": "2026-01-01T00:00:02Z"},
		{"involvedObject": {"kind": "ExternalSecret", "name": "it", "namespace": "home"},
			"message": "an older one", "lastTimestamp": "2026-01-01T00:00:01Z"},
		{"involvedObject": {"kind": "ExternalSecret", "name": "it", "namespace": "elsewhere"},
			"message": "elsewhere", "lastTimestamp": "2026-01-01T00:00:03Z"},
		{"involvedObject": {"kind": "Password", "name": "it", "namespace": "home"},
			"message": "of another kind", "lastTimestamp": "2026-01-01T00:00:03Z"}]`), &warnings))
	it := source(t, "ExternalSecret", fields{})
	assert.Equal(t, "the last", lastAbout(&it, warnings))
}
