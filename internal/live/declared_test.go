package live

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

// declaring returns a configuration with one service, which reads one secret and generates another.
func declaring(backend config.SecretBackend) *config.Config {
	return &config.Config{
		Environment: config.Local, Secrets: config.Secrets{Backend: backend},
		Services: []catalogue.Service{{
			Name: "auth", Secrets: map[string]catalogue.Secret{"READ": {}, "DRAWN": {Generate: 32}},
		}},
	}
}

// seenOf returns an environment with these ExternalSecrets.
func seenOf(names ...string) *Environment {
	seen := &Environment{}
	for _, name := range names {
		seen.sources = append(seen.sources, secretSource{
			kind: sourceKind{name: "ExternalSecret"}, Metadata: metadata{Name: name, Namespace: "dreamseed-local"},
		})
	}
	return seen
}

func TestWhatIsDeclaredHasToBeThere(t *testing.T) {
	cases := map[string]struct {
		backend config.SecretBackend
		seen    *Environment
		want    []string
	}{
		"all of it": {
			config.ExternalSecrets, seenOf("auth-secrets-read", "auth-service-drawn"), nil,
		},
		"what is read under the name of what is drawn": {
			config.ExternalSecrets, seenOf("auth-service-read", "auth-service-drawn"),
			[]string{"auth-service has no secret READ: ExternalSecret auth-secrets-read is not there"},
		},
		"what another backend had": {
			config.SealedSecrets, seenOf("auth-service-sealed-read", "auth-service-sealed-drawn"),
			[]string{
				"auth-service has no secret DRAWN: SealedSecret auth-service-sealed-drawn is not there",
				"auth-service has no secret READ: SealedSecret auth-service-sealed-read is not there",
			},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, short := range tt.seen.missingSources(declaring(tt.backend)) {
				assert.True(t, short.Settled, "nothing but a run makes it")
				got = append(got, short.What)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestAStoreThatIsConfiguredHasToBeUp(t *testing.T) {
	cfg := &config.Config{Environment: config.Local}
	cfg.Data.Postgres.Mode, cfg.Data.Kafka.Mode, cfg.Data.Redis.Mode = store.InCluster, store.InCluster, store.External
	seen := &Environment{Stores: []Store{
		{Name: "postgres", Problem: "Invalid cluster definition", stuck: true}, {Name: "kafka", Up: true},
	}}
	assert.Equal(t, []Problem{{What: "postgres is not up; Invalid cluster definition", Settled: true}}, seen.ShortOf(cfg))
	seen.Stores = seen.Stores[:1]
	assert.Contains(t, seen.ShortOf(cfg), Problem{What: "kafka is not there", Settled: true})
	for _, short := range seen.ShortOf(cfg) {
		assert.NotContains(t, short.What, "redis", "somebody else's")
	}
}

func TestWhatGoesIsNotThere(t *testing.T) {
	seen := seenOf("auth-secrets-read", "auth-service-drawn")
	seen.sources[0].Metadata.DeletionTimestamp = "2026-01-01T00:00:00Z"
	assert.Len(t, seen.missingSources(declaring(config.ExternalSecrets)), 1)
}

func TestAServiceIsJudgedByItsStatus(t *testing.T) {
	waiting := Service{Name: "auth-service", Problem: "too few"}
	stuck := Service{Name: "auth-service", Problem: "too few", stuck: true}
	cases := map[string]struct {
		services []Service
		want     []Problem
	}{
		"rolled out": {[]Service{{Name: "auth-service", RolledOut: true, stuck: true}}, nil},
		"under way":  {[]Service{waiting}, []Problem{{What: "auth-service is not rolled out; too few"}}},
		"stuck": {
			[]Service{stuck}, []Problem{{What: "auth-service is not rolled out; too few", Settled: true}},
		},
		"not there": {nil, []Problem{{What: "auth-service is not there", Settled: true}}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, (&Environment{Services: tt.services}).serviceProblems("auth-service"))
		})
	}
}

func TestAJobIsJudgedByItsConditions(t *testing.T) {
	condition := func(kind string) fields {
		return fields{"conditions": []fields{{"type": kind, "status": "True", "reason": "Why", "message": "it did"}}}
	}
	cases := map[string]struct {
		status fields
		gone   string
		want   []Problem
	}{
		"complete":     {condition("Complete"), "", nil},
		"failed":       {condition("Failed"), "", []Problem{{What: "Job migrate failed: Why: it did", Settled: true}}},
		"under way":    {fields{}, "", []Problem{{What: "Job migrate is not complete"}}},
		"about to end": {condition("SuccessCriteriaMet"), "", []Problem{{What: "Job migrate is not complete"}}},
		"on its way":   {fields{}, "2026-01-01T00:00:00Z", nil},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			job := parsed[jobItem](t, fields{
				"metadata": fields{"name": "migrate", "deletionTimestamp": tt.gone}, "status": tt.status,
			})
			assert.Equal(t, tt.want, job.problems())
		})
	}
}

func parsed[T any](t *testing.T, object fields) T {
	t.Helper()
	content, err := json.Marshal(object)
	require.NoError(t, err)
	var it T
	require.NoError(t, json.Unmarshal(content, &it))
	return it
}

func TestAReleaseThatDoesNotEndByItselfIsStuck(t *testing.T) {
	moving := func() fields { return fields{"observedGeneration": "2"} }
	late := []fields{{"type": "Progressing", "status": "False"}}
	invalid := with(with(moving(), "phase", "Degraded"), "conditions", []fields{{"type": "InvalidSpec", "status": "True"}})
	cases := map[string]struct {
		replicas int
		paused   bool
		status   fields
		want     bool
	}{
		"moving":              {2, false, moving(), false},
		"none is wanted":      {0, false, moving(), true},
		"paused":              {2, true, moving(), true},
		"taken back":          {2, false, with(moving(), "abort", true), true},
		"given up":            {2, false, with(moving(), "phase", "Degraded"), true},
		"late":                {2, false, with(moving(), "conditions", late), true},
		"a Service's fault":   {2, false, invalid, false},
		"of the former state": {2, false, fields{"observedGeneration": "1", "abort": true}, false},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			it := parsed[listed](t, fields{
				"metadata": fields{"name": "auth-service", "generation": 2},
				"spec":     fields{"replicas": tt.replicas, "paused": tt.paused}, "status": tt.status,
			})
			assert.Equal(t, tt.want, it.stuck())
		})
	}
}

func TestAnImageIsTheConfigurationsWhateverRegistryItIsPulledFrom(t *testing.T) {
	of := func(image string) AbortedRelease { return AbortedRelease{Images: []string{image}} }
	assert.True(t, of("auth-service@sha256:beef").Releases("auth-service@sha256:beef"))
	assert.True(t, of("registry.example/dreamseed/auth-service@sha256:beef").Releases("auth-service@sha256:beef"))
	assert.False(t, of("auth-service@sha256:beef").Releases("auth-service@sha256:f00d"))
	assert.False(t, of("other-auth-service@sha256:beef").Releases("auth-service@sha256:beef"))
}
