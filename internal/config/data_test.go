package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/services/catalogue"
)

// elsewhere is the section of stores that somebody else runs.
var elsewhere = map[string]any{
	"postgres": at(5432), "redis": at(6379), "kafka": at(9093), "objects": at(443),
}

func at(port int) map[string]any {
	return map[string]any{"mode": "external", "external": map[string]any{"cidr": "10.20.0.0/20", "port": port}}
}

func TestMistakesWithData(t *testing.T) {
	inCluster := map[string]any{"mode": "inCluster"}
	cases := map[string]struct {
		reason string
		made   changes
		want   []string
	}{
		"no store": {
			"each that a service needs has a mode",
			changes{"data": map[string]any{}},
			[]string{"data.postgres.mode", "data.redis.mode", "data.kafka.mode", "data.objects.mode"},
		},
		"unknown mode": {"there are three", changes{"data.redis.mode": "sentinel"}, []string{"data.redis.mode"}},
		"managed": {
			"the server has no size, and the platform lets Google run no cache and no Kafka",
			changes{"data": map[string]any{
				"postgres": map[string]any{"mode": "managed"}, "redis": map[string]any{"mode": "managed"},
				"kafka": map[string]any{"mode": "managed"}, "objects": map[string]any{"mode": "managed"},
			}},
			[]string{
				"data.postgres.managed.tier", "data.redis.mode", "data.kafka.mode",
			},
		},
		"external without an address": {
			"no way would lead there",
			changes{"data": map[string]any{
				"postgres": map[string]any{"mode": "external"}, "redis": map[string]any{"mode": "external"},
				"kafka": map[string]any{"mode": "external"}, "objects": map[string]any{"mode": "external"},
			}},
			[]string{
				"data.postgres.external.cidr", "data.redis.external.cidr", "data.redis.external.port",
				"data.kafka.external.cidr", "data.kafka.external.port", "data.objects.external.cidr",
				"data.objects.external.port",
			},
		},
		"no backup in production": {
			"a mistake by a person would lose data",
			changes{"data.objects": inCluster, "data.postgres": map[string]any{
				"mode": "inCluster", "backup": map[string]any{"retentionDays": 0},
			}},
			[]string{"data.postgres.backup.retentionDays"},
		},
		"backups without a place": {
			"they go to the object store in the cluster",
			changes{"data.postgres": inCluster}, []string{"data.postgres.backup.retentionDays"},
		},
		"a topic that nobody produces": {
			"its consumer would wait for ever",
			changes{"services.user.needs": map[string]any{"consumes": []any{"grade-events"}}},
			[]string{"services.user.needs.consumes[0]"},
		},
		"one topic of two services": {
			"each has one owner",
			changes{"services.user.needs": map[string]any{"produces": []any{"user-events", "auth-events"}}},
			[]string{"services.user.needs.produces[1]"},
		},
		"a bucket that S3 refuses": {
			"it is a name in every object store",
			changes{"services.user.needs": map[string]any{"buckets": []any{"Avatars"}}},
			[]string{"services.user.needs.buckets[0]"},
		},
		"a secret that the platform writes": {
			"the password is drawn in the cluster",
			changes{"data.redis": inCluster, "services.auth.secrets": map[string]any{"REDIS_URL": map[string]any{}}},
			[]string{"services.auth.secrets.REDIS_URL"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.ElementsMatch(t, c.want, keys(problems(t, c.made)), c.reason)
		})
	}
}

func TestAStoreThatNobodyNeedsHasNoSection(t *testing.T) {
	made := changes{"data": map[string]any{}}
	for _, name := range catalogue.Names() {
		made["services."+name+".needs"] = map[string]any{
			"postgres": false, "redis": false, "produces": []any{}, "consumes": []any{}, "buckets": []any{},
		}
	}
	cfg := load(t, "production", made)
	assert.False(t, cfg.Data.Provided())
	assert.Empty(t, cfg.Services[0].Secrets)
}

// Whoever runs a store, the services find the same files.
func TestAStoreOfSomebodyElseIsReadFromTheSecretManager(t *testing.T) {
	outside := load(t, "production", changes{"data.objects": map[string]any{
		"mode": "external", "external": map[string]any{"cidr": "10.20.0.0/20", "port": 443},
	}})
	inside := load(t, "local", nil)
	for i, service := range outside.Services {
		read, written := outside.Data.ReadFiles(service.Needs), inside.Data.WrittenFiles(inside.Services[i].Needs)
		assert.ElementsMatch(t, read, written, service.Name)
		assert.Subset(t, service.SecretKeys(), read, service.Name)
		assert.NotContains(t, inside.Services[i].SecretKeys(), catalogue.DatabaseURL, "the cluster draws it")
	}
}
