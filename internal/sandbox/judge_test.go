package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services/catalogue"
)

// looking returns one answer after the other, and repeats the last one forever.
func looking(answers ...[]Shortfall) func() ([]Shortfall, error) {
	return func() ([]Shortfall, error) {
		now := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		return now, nil
	}
}

func TestWhatIsUnderWayIsWaitedForAndWhatIsSettledIsNot(t *testing.T) {
	moving, over := []Shortfall{{What: "moving"}}, []Shortfall{{What: "moving"}, {What: "over", Settled: true}}
	cases := map[string]struct {
		answers [][]Shortfall
		want    []Shortfall
		waits   int
	}{
		"all is well":         {[][]Shortfall{nil}, nil, 0},
		"it comes to be well": {[][]Shortfall{moving, moving, nil}, nil, 1},
		"it is settled":       {[][]Shortfall{over, nil}, over, 0},
		"it comes to be lost": {[][]Shortfall{moving, over, nil}, over, 1},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			waits := 0
			short, err := outcome(t.Context(), looking(tt.answers...), func([]Shortfall) { waits++ })
			require.NoError(t, err)
			assert.Equal(t, tt.want, short)
			assert.Equal(t, tt.waits, waits, "it says so once")
		})
	}
}

func TestWhatIsUnderWayIsWaitedForNoLongerThanARelease(t *testing.T) {
	limited, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	short, err := outcome(limited, looking([]Shortfall{{What: "moving"}}), func([]Shortfall) {})
	require.NoError(t, err)
	assert.Equal(t, []Shortfall{{What: "moving"}}, short)
}

func TestNobodyIsJudgedByWhatCannotBeSeen(t *testing.T) {
	blind := errors.New("no answer")
	_, err := outcome(t.Context(), func() ([]Shortfall, error) { return nil, blind }, nil)
	assert.ErrorIs(t, err, blind)
}

// declaring returns a configuration with one service, which reads one secret and generates another.
func declaring(backend config.SecretBackend) *config.Config {
	return &config.Config{
		Environment: config.Local, Secrets: config.Secrets{Backend: backend},
		Services: []catalogue.Service{{
			Name: "auth", Secrets: map[string]catalogue.Secret{"READ": {}, "DRAWN": {Generate: 32}},
		}},
	}
}

// factsOf returns facts with these ExternalSecrets.
func factsOf(names ...string) *facts {
	seen := &facts{}
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
		seen    *facts
		want    []string
	}{
		"all of it": {
			config.ExternalSecrets, factsOf("auth-secrets-read", "auth-service-drawn"), nil,
		},
		"what is read under the name of what is drawn": {
			config.ExternalSecrets, factsOf("auth-service-read", "auth-service-drawn"),
			[]string{"auth-service has no secret READ: ExternalSecret auth-secrets-read is not there"},
		},
		"what another backend had": {
			config.SealedSecrets, factsOf("auth-service-sealed-read", "auth-service-sealed-drawn"),
			[]string{
				"auth-service has no secret DRAWN: SealedSecret auth-service-sealed-drawn is not there",
				"auth-service has no secret READ: SealedSecret auth-service-sealed-read is not there",
			},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, short := range missingSources(declaring(tt.backend), tt.seen) {
				assert.True(t, short.Settled, "nothing but a run makes it")
				got = append(got, short.What)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestWhatGoesIsNotThere(t *testing.T) {
	seen := factsOf("auth-secrets-read", "auth-service-drawn")
	seen.sources[0].Metadata.DeletionTimestamp = "2026-01-01T00:00:00Z"
	assert.Len(t, missingSources(declaring(config.ExternalSecrets), seen), 1)
}

func TestAServiceIsJudgedByItsStatus(t *testing.T) {
	waiting := ServiceStatus{Name: "auth-service", Problem: "too few"}
	stuck := ServiceStatus{Name: "auth-service", Problem: "too few", stuck: true}
	cases := map[string]struct {
		services []ServiceStatus
		want     []Shortfall
	}{
		"rolled out": {[]ServiceStatus{{Name: "auth-service", RolledOut: true, stuck: true}}, nil},
		"under way":  {[]ServiceStatus{waiting}, []Shortfall{{What: "auth-service is not rolled out; too few"}}},
		"stuck": {
			[]ServiceStatus{stuck}, []Shortfall{{What: "auth-service is not rolled out; too few", Settled: true}},
		},
		"not there": {nil, []Shortfall{{What: "auth-service is not there", Settled: true}}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, serviceShortfalls("auth-service", tt.services))
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
		want   []Shortfall
	}{
		"complete":     {condition("Complete"), "", nil},
		"failed":       {condition("Failed"), "", []Shortfall{{What: "Job migrate failed: Why: it did", Settled: true}}},
		"under way":    {fields{}, "", []Shortfall{{What: "Job migrate is not complete"}}},
		"about to end": {condition("SuccessCriteriaMet"), "", []Shortfall{{What: "Job migrate is not complete"}}},
		"on its way":   {fields{}, "2026-01-01T00:00:00Z", nil},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			job := parsed[jobItem](t, fields{
				"metadata": fields{"name": "migrate", "deletionTimestamp": tt.gone}, "status": tt.status,
			})
			assert.Equal(t, tt.want, job.shortfalls())
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
	of := func(image string) listed {
		return parsed[listed](t, fields{"spec": fields{"template": fields{"spec": fields{
			"containers": []fields{{"image": image}},
		}}}})
	}
	assert.True(t, of("auth-service@sha256:beef").releases("auth-service@sha256:beef"))
	assert.True(t, of("registry.example/dreamseed/auth-service@sha256:beef").releases("auth-service@sha256:beef"))
	assert.False(t, of("auth-service@sha256:beef").releases("auth-service@sha256:f00d"))
	assert.False(t, of("other-auth-service@sha256:beef").releases("auth-service@sha256:beef"))
}

func TestAComponentThatDoesNotRunIsTold(t *testing.T) {
	assert.Equal(t, []Shortfall{
		{What: "component kwok is Died: see kwok.log", Settled: true},
		{What: "component etcd is NotAnswering: see etcd.log"},
	}, componentShortfalls([]controlplane.ComponentStatus{
		{Name: "kwok", State: controlplane.Died, Log: "kwok.log"},
		{Name: "etcd", State: controlplane.NotAnswering, Log: "etcd.log"},
		{Name: "kube-apiserver", State: controlplane.Running},
	}))
}
