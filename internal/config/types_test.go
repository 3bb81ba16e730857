package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrongTypes(t *testing.T) {
	cases := map[string]struct {
		wrong []any
		key   string
	}{
		"rolloutDeadlineSeconds":                {wrong: []any{"soon", 1.5, true, []any{60}, "null", 1 << 31, ""}},
		"cluster":                               {wrong: []any{"gke", 3, []any{}, true}},
		"services":                              {wrong: []any{"auth", 3, []any{}}},
		"quotas":                                {wrong: []any{"large", 3, []any{}}},
		"egress":                                {wrong: []any{"10.0.0.0/8", map[string]any{}, 3}},
		"cluster.name":                          {wrong: []any{5, true, []any{}, map[string]any{}, nil}},
		"cluster.zones":                         {wrong: []any{"europe-west4-a", map[string]any{}, nil}},
		"cluster.zones.1":                       {wrong: []any{5, nil}, key: "cluster.zones[1]"},
		"cluster.existing":                      {wrong: []any{"~/.kube/config", nil}},
		"cluster.nodePools.0":                   {wrong: []any{"on-demand", nil}, key: "cluster.nodePools[0]"},
		"cluster.nodePools.0.spot":              {wrong: []any{"true", 1, nil}, key: "cluster.nodePools[0].spot"},
		"cluster.nodePools.0.minNodes":          {wrong: []any{"3", 1.5, true, nil}, key: "cluster.nodePools[0].minNodes"},
		"cluster.nodePools.0.cpu":               {wrong: []any{"four", true, "", nil}, key: "cluster.nodePools[0].cpu"},
		"services.auth":                         {wrong: []any{"image", 3, []any{}, nil}},
		"services.auth.image":                   {wrong: []any{3, nil}},
		"services.auth.autoscaling.minReplicas": {wrong: []any{"three", "3", nil}},
		"services.auth.config":                  {wrong: []any{"a=b", []any{}, nil}},
		"services.auth.config.a":                {wrong: []any{3, true, nil, map[string]any{}}},
		"services.auth.resources.limits":        {wrong: []any{"1", nil}},
		"services.auth.egress":                  {wrong: []any{map[string]any{}, nil}},
		"services.auth.needs":                   {wrong: []any{"postgres", []any{}, nil}},
		"services.auth.needs.produces":          {wrong: []any{"auth-events", map[string]any{}, nil}},
		"data.postgres.instances":               {wrong: []any{"three", 0.5, nil}},
		"quotas.monitoring":                     {wrong: []any{3, nil}},
		"quotas.monitoring.requests.cpu":        {wrong: []any{"a lot", nil}},
		"quotas.services.pods":                  {wrong: []any{"many", nil}},
		"cost":                                  {wrong: []any{"5000", 5000, []any{}}},
		"cost.budget":                           {wrong: []any{"5000", "a lot", 4999.5, true, 1 << 31, nil}},
		"cost.egressGB":                         {wrong: []any{"500 GiB", 0.5, nil}},
		"services.billing":                      {wrong: []any{nil, 3, map[string]any{}}},
		"cluster.colour":                        {wrong: []any{nil, "green"}},
		"quotas.services.requests.storage":      {wrong: []any{"1Gi"}},
	}
	for path, c := range cases {
		t.Run(path, func(t *testing.T) {
			want := c.key
			if want == "" {
				want = path
			}
			for _, wrong := range c.wrong {
				found := problems(t, changes{path: wrong})
				assert.Equal(t, []string{want}, keys(found), "%v", wrong)
			}
		})
	}
}

func TestANullIsNotADefault(t *testing.T) {
	for _, path := range []string{"cluster", "services", "egress", "quotas", "rolloutDeadlineSeconds"} {
		found := problems(t, changes{path: nil})
		require.Equal(t, []string{path}, keys(found))
		assert.Contains(t, found[0].Rule, "remove the key", path)
	}
}
