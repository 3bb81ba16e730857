package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func pool(name string, spot bool, least, most int, cpu, memory string) map[string]any {
	return map[string]any{"name": name, "spot": spot, "minNodes": least, "maxNodes": most, "cpu": cpu, "memory": memory}
}

func sized(service, cpu, memory string) changes {
	size := map[string]any{"cpu": cpu, "memory": memory}
	return changes{"services." + service + ".resources": map[string]any{"requests": size, "limits": size}}
}

// The local environment has three zones, with pools of 4 CPUs and 16Gi on demand and on spot capacity.
func TestAPodThatFitsNoNodeIsRefused(t *testing.T) {
	onDemand, spot := pool("on-demand", false, 3, 6, "4", "16Gi"), pool("spot", true, 3, 6, "4", "16Gi")
	cases := map[string]struct {
		reason string
		pools  []any
		size   changes
		want   []string
		says   []string
	}{
		"as large as a node": {
			reason: "an existing cluster's figures are what a node offers to pods",
			pools:  []any{onDemand, spot}, size: sized("auth", "4", "16Gi"),
		},
		"more CPU than a node": {
			reason: "no node will ever have room for it",
			pools:  []any{onDemand, spot}, size: sized("auth", "6", "1Gi"),
			want: []string{"services.auth.resources.requests.cpu"}, says: []string{`is "6"`, "pool on-demand", "has 4"},
		},
		"more memory than a node": {
			reason: "no node will ever have room for it",
			pools:  []any{onDemand, spot}, size: sized("auth", "1", "17Gi"),
			want: []string{"services.auth.resources.requests.memory"}, says: []string{`is "17Gi"`, "has 16Gi"},
		},
		"two pools, and no node that has both": {
			reason: "one has the CPU, the other the memory",
			pools:  []any{pool("a", false, 3, 6, "8", "8Gi"), pool("b", false, 3, 6, "4", "64Gi"), spot},
			size:   sized("auth", "6", "32Gi"),
			want:   []string{"services.auth.resources.requests"}, says: []string{"pool a", "pool b"},
		},
		"large nodes on spot capacity alone": {
			reason: "auth never runs there",
			pools:  []any{onDemand, pool("large", true, 3, 6, "16", "64Gi")}, size: sized("auth", "6", "1Gi"),
			want: []string{"services.auth.resources.requests.cpu"}, says: []string{"on demand"},
		},
		"large nodes on demand alone": {
			reason: "content is spread over both, as a condition",
			pools:  []any{pool("large", false, 3, 6, "16", "64Gi"), spot}, size: sized("content", "6", "1Gi"),
			want: []string{"services.content.resources.requests.cpu"}, says: []string{"on spot capacity"},
		},
		"spot pool without nodes": {
			reason: "it takes part in nothing",
			pools:  []any{pool("large", false, 3, 6, "16", "64Gi"), pool("spot", true, 0, 0, "4", "16Gi")},
			size:   sized("content", "6", "1Gi"),
		},
		"large nodes in one zone": {
			reason: "the other zones take no pod, and so one is all that this one may take",
			pools:  []any{onDemand, spot, pool("large", false, 1, 1, "64", "256Gi")}, size: sized("auth", "6", "1Gi"),
			want: []string{"services.auth.resources.requests"}, says: []string{"(large)", "1 of the 3 zones", "(2)"},
		},
		"large nodes on demand in one zone": {
			reason: "those on spot capacity are of no use to auth",
			pools:  []any{onDemand, pool("large-spot", true, 3, 6, "64", "256Gi"), pool("large", false, 1, 1, "64", "256Gi")},
			size:   sized("auth", "6", "1Gi"),
			want:   []string{"services.auth.resources.requests"}, says: []string{"(large)", "1 of the 3 zones"},
		},
		"large nodes in enough zones": {
			reason: "one pod in each of the two is what there has to be",
			pools:  []any{onDemand, spot, pool("large", false, 1, 2, "64", "256Gi")}, size: sized("auth", "6", "1Gi"),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			made := merged(c.size, changes{"cluster.nodePools": c.pools})
			if c.want == nil {
				load(t, "local", made)
				return
			}
			values := given(t, "local", made)
			assert.Equal(t, c.want, keysOfRefusal(t, values), c.reason)
			for _, words := range c.says {
				require.ErrorContains(t, refusal(t, values), words)
			}
		})
	}
}

// Staging's machines have 4 CPUs and 16Gi, of which pods can use 3840m and some 14.5Gi.
func TestANodeInACloudKeepsAPartForItself(t *testing.T) {
	for _, size := range []changes{sized("auth", "3840m", "1Gi"), sized("auth", "1", "14Gi")} {
		load(t, "staging", size)
	}
	for key, size := range map[string]changes{
		"services.auth.resources.requests.cpu":    sized("auth", "4", "1Gi"),
		"services.auth.resources.requests.memory": sized("auth", "1", "15Gi"),
	} {
		assert.Equal(t, []string{key}, keysOfRefusal(t, given(t, "staging", size)))
	}
}

// At least 13 pods run, ten of which keep off spot nodes: two each of auth, payment, user and assessment, one each of
// ai-tutor and content. Each requests 250m and 512Mi.
func TestTheFewestPodsOfAllServicesFitTheMostNodes(t *testing.T) {
	three := func(cpu string, spotNodes int) changes {
		return changes{"cluster.nodePools": []any{
			pool("on-demand", false, 3, 3, cpu, "2Gi"), pool("spot", true, 0, spotNodes, "1", "2Gi"),
		}}
	}
	load(t, "local", three("1", 1))
	for name, wrong := range map[string]changes{"on demand": three("750m", 9), "at all": three("1", 0)} {
		assert.Equal(t, []string{"cluster.nodePools"}, keysOfRefusal(t, given(t, "local", wrong)), name)
	}
}

func TestAMigrationThatFitsNoNodeIsRefused(t *testing.T) {
	large := map[string]any{"cpu": "6", "memory": "1Gi"}
	made := changes{"services.auth.migration.resources": map[string]any{"requests": large, "limits": large}}
	assert.Equal(t, []string{"services.auth.migration.resources.requests.cpu"}, keysOfRefusal(t, given(t, "local", made)))
}
