package config

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
)

// FuzzLoad sets one key of a valid configuration to any value, and adds any key. In every case Load does not panic,
// every error is a list of problems that name keys, and every loaded configuration is valid.
func FuzzLoad(f *testing.F) {
	valid := mocktest.StackConfig(f, "production")
	for _, stack := range mocktest.Stacks() {
		for key, value := range mocktest.StackConfig(f, stack) {
			if name, ours := strings.CutPrefix(key, prefix); ours {
				f.Add(name, value)
			}
		}
	}
	for _, seed := range [][2]string{
		{"", ""}, {".", "x"}, {"[", "{}"},
		{"services", `{"auth": null}`}, {"egress", `[null]`}, {"quotas", `{"services": []}`},
		{"services", `{"auth": {"autoscaling": {"maxReplicas": 9223372036854775807}}}`},
		{"cluster", `{"nodePools": [{"cpu": "1e999999999"}]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		values := maps.Clone(valid)
		values[prefix+key] = value
		cfg, err := Load(values, nil)
		if err != nil {
			var problems invalid.Problems
			require.ErrorAs(t, err, &problems)
			assert.NotEmpty(t, problems)
			assert.Nil(t, cfg)
			return
		}
		var problems invalid.Problems
		cfg.validate(&problems)
		assert.Empty(t, problems)
	})
}
