package data_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// holding returns services with something in every store.
func holding() []catalogue.Service {
	return []catalogue.Service{
		{Name: "auth", Needs: catalogue.Needs{Postgres: true, Redis: true, Produces: []string{"sessions"}}},
		{Name: "user", Needs: catalogue.Needs{
			Postgres: true, Consumes: []string{"sessions"}, Buckets: []string{"avatars", "exports"},
		}},
	}
}

// left is what a run with every store left, as the engine keeps it.
func left(t *testing.T) data.Kept {
	t.Helper()
	text, err := json.Marshal(running().Kept(nil, holding()))
	require.NoError(t, err)
	var kept data.Kept
	require.NoError(t, json.Unmarshal(text, &kept))
	require.Len(t, kept, 4)
	return kept
}

func TestWhatStaysMayGrow(t *testing.T) {
	spec, services := running(), holding()
	spec.Postgres.Storage = resource.MustParse("500Gi")
	spec.Postgres.Instances = 1
	services[0].Needs.Buckets, services[1].Needs.Redis = []string{"pictures"}, true
	services[1].Needs.Consumes = nil // who only reads has nothing there
	var problems invalid.Problems
	spec.ValidateChange(left(t), services, &problems)
	assert.Empty(t, problems)
	spec.ValidateChange(nil, services, &problems)
	assert.Empty(t, problems, "a new stack has nothing yet")
}

func TestAStoreThatIsLetGoDoesNotRemain(t *testing.T) {
	spec := running()
	spec.LetGo = []string{"kafka", "objects/user-avatars"}
	assert.Equal(t, []string{"objects", "postgres", "redis"}, spec.Remaining(left(t)), "in a bucket there may be more")
	assert.Empty(t, spec.Remaining(nil))
}

func TestWhatWouldLoseDataIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*data.Spec, []catalogue.Service)
		key    string
		says   string
		letGo  string
		given  any
	}{
		"a store that somebody else is to run": {
			func(s *data.Spec, _ []catalogue.Service) {
				s.Postgres = data.Default(data.Modes{Postgres: store.External}).Postgres
			},
			"data.postgres.mode", "must stay inCluster: it has the data of auth, user", "postgres", "external",
		},
		"a store that is gone": {
			func(s *data.Spec, _ []catalogue.Service) { s.Objects = data.Default(data.Modes{}).Objects },
			"data.objects.mode", "must stay inCluster", "objects", nil,
		},
		"a database": {
			func(_ *data.Spec, of []catalogue.Service) { of[0].Needs.Postgres = false },
			"services.auth.needs.postgres", "must declare auth, as long as its data is there", "postgres/auth", false,
		},
		"the keys of a service": {
			func(_ *data.Spec, of []catalogue.Service) { of[0].Needs.Redis = false },
			"services.auth.needs.redis", "must declare auth", "redis/auth", false,
		},
		"a topic": {
			func(_ *data.Spec, of []catalogue.Service) { of[0].Needs.Produces = nil },
			"services.auth.needs.produces", "must declare sessions", "kafka/sessions", nil,
		},
		"a bucket": {
			func(_ *data.Spec, of []catalogue.Service) { of[1].Needs.Buckets = []string{"avatars"} },
			"services.user.needs.buckets", "must declare user-exports", "objects/user-exports", "avatars",
		},
		"a volume that shrinks": {
			func(s *data.Spec, _ []catalogue.Service) { s.Kafka.Storage = resource.MustParse("1Gi") },
			"data.kafka.storage", "must be 50Gi or more", "", "1Gi",
		},
		"another number of brokers": {
			func(s *data.Spec, _ []catalogue.Service) { s.Kafka.Brokers = 5 },
			"data.kafka.brokers", "must stay 3", "", 5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec, services := running(), holding()
			c.change(&spec, services)
			var problems invalid.Problems
			spec.ValidateChange(left(t), services, &problems)
			require.Len(t, problems, 1)
			assert.Equal(t, c.key, problems[0].Key)
			assert.Equal(t, c.given, problems[0].Value)
			assert.Contains(t, problems[0].Rule, c.says)
			if c.letGo == "" {
				return
			}
			assert.Contains(t, problems[0].Rule, `list "`+c.letGo+`" in data.letGo`, "what to do instead")
			spec.LetGo, problems = []string{c.letGo}, nil
			spec.ValidateChange(left(t), services, &problems)
			assert.Empty(t, problems)
		})
	}
}

func TestOnlyWhatNobodyDeclaresIsLetGo(t *testing.T) {
	for entry, says := range map[string]string{
		"mongo":                "must be a store",
		"postgres/":            "must be a store",
		"":                     "must be a store",
		"postgres":             "must not be listed while data.postgres.mode is inCluster",
		"postgres/auth":        "must not be listed while services.auth.needs declares it",
		"objects/user-avatars": "must not be listed while services.user.needs declares it",
	} {
		spec := running()
		spec.LetGo = []string{entry}
		var problems invalid.Problems
		spec.Validate(data.Surroundings{Services: holding()}, &problems)
		require.Len(t, problems, 1, entry)
		assert.Equal(t, "data.letGo[0]", problems[0].Key)
		assert.Contains(t, problems[0].Rule, says)
	}
	spec := running()
	spec.LetGo = []string{"postgres/former", "kafka/former-topic"}
	var problems invalid.Problems
	spec.Validate(data.Surroundings{Services: holding()}, &problems)
	assert.Empty(t, problems, "an entry has done its work, and does no harm")
}
