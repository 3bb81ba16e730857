package standin

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// compare returns the difference between two sets of inputs.
func compare(t *testing.T, token string, from, to resource.PropertyMap, ignored ...string) plugin.DiffResponse {
	t.Helper()
	found, err := configured(t).Diff(t.Context(), plugin.DiffRequest{
		URN: urn(token), ID: "one", OldInputs: from, OldOutputs: from, NewInputs: to,
		AllowUnknowns: true, IgnoreChanges: ignored,
	})
	require.NoError(t, err)
	return found
}

type detail = map[string]plugin.PropertyDiff

func of(kind plugin.DiffKind) plugin.PropertyDiff {
	return plugin.PropertyDiff{Kind: kind, InputDiff: true}
}

func TestOnlyTheChangeOfAnImmutablePropertyReplaces(t *testing.T) {
	taints := func(entries ...any) map[string]any { return map[string]any{"taints": entries} }
	taint := func(key, value string) any { return map[string]any{"key": key, "value": value} }
	network := func(values map[string]any) map[string]any { return star(map[string]any{"network": values}) }
	for reason, c := range map[string]struct {
		token    string
		from, to map[string]any
		want     detail
		replaces []resource.PropertyKey
	}{
		"nothing changed": {skyCluster, star(nil), star(nil), detail{}, nil},
		"a property that can change": {
			skyCluster, star(nil), star(map[string]any{"size": 4}), detail{"size": of(plugin.DiffUpdate)}, nil,
		},
		"a property that is added": {
			skyCluster, star(nil), star(map[string]any{"description": "x"}),
			detail{"description": of(plugin.DiffAdd)}, nil,
		},
		"a property that is taken away": {
			skyCluster, star(nil), star(map[string]any{"size": nil}), detail{"size": of(plugin.DiffDelete)}, nil,
		},
		"a property that cannot change": {
			skyCluster, star(nil), star(map[string]any{"name": "moon"}),
			detail{"name": of(plugin.DiffUpdateReplace)}, []resource.PropertyKey{"name"},
		},
		"a property in an object that cannot change": {
			skyCluster, star(nil), network(map[string]any{"subnet": "high"}),
			detail{"network.subnet": of(plugin.DiffUpdateReplace)}, []resource.PropertyKey{"network"},
		},
		"its neighbour that can": {
			skyCluster, star(nil), network(map[string]any{"subnet": "low", "public": true}),
			detail{"network.public": of(plugin.DiffAdd)}, nil,
		},
		"a property in a list that cannot change": {
			skyPool, taints(taint("a", "1"), taint("b", "2")), taints(taint("a", "1"), taint("c", "2")),
			detail{"taints[1].key": of(plugin.DiffUpdateReplace)}, []resource.PropertyKey{"taints"},
		},
		"a property in a list that can": {
			skyPool, taints(taint("a", "1"), taint("b", "2")), taints(taint("a", "1"), taint("b", "3")),
			detail{"taints[1].value": of(plugin.DiffUpdate)}, nil,
		},
		"an element that is added to a list": {
			skyPool, taints(), taints(taint("a", "1")),
			detail{"taints[0].key": of(plugin.DiffAddReplace), "taints[0].value": of(plugin.DiffAdd)},
			[]resource.PropertyKey{"taints"},
		},
		"a key of an object with any keys": {
			skyPool, map[string]any{"labels": map[string]any{"sky.example/a": "b"}}, map[string]any{},
			detail{`labels["sky.example/a"]`: of(plugin.DiffDeleteReplace)}, []resource.PropertyKey{"labels"},
		},
	} {
		t.Run(reason, func(t *testing.T) {
			found := compare(t, c.token, properties(c.from), properties(c.to))
			assert.Equal(t, c.want, found.DetailedDiff)
			assert.Equal(t, c.replaces, found.ReplaceKeys, "without one, the engine replaces nothing")
			assert.Equal(t, len(c.want) > 0, found.Changes == plugin.DiffSome)
			assert.False(t, found.DeleteBeforeReplace)
		})
	}
}

func TestAValueThatIsNotKnownYetIsAChange(t *testing.T) {
	for reason, c := range map[string]struct {
		name string
		want plugin.DiffKind
	}{
		"of a property that can change":     {"size", plugin.DiffUpdate},
		"of a property that cannot change":  {"name", plugin.DiffUpdateReplace},
		"of an object with such a property": {"network", plugin.DiffUpdateReplace},
	} {
		t.Run(reason, func(t *testing.T) {
			to := properties(star(nil))
			to[resource.PropertyKey(c.name)] = notKnown()
			found := compare(t, skyCluster, properties(star(nil)), to)
			assert.Equal(t, detail{c.name: of(c.want)}, found.DetailedDiff)
		})
	}
}

// The value may turn out different from the one that was unknown the last time.
func TestWhatWasNotKnownEitherIsAChange(t *testing.T) {
	inputs := properties(star(nil))
	inputs["size"] = notKnown()
	assert.Equal(t, detail{"size": of(plugin.DiffUpdate)}, compare(t, skyCluster, inputs, inputs).DetailedDiff)
}

func TestASecretThatStaysTheSameIsNoChange(t *testing.T) {
	to := properties(star(nil))
	to["name"] = resource.MakeSecret(to["name"])
	assert.Equal(t, plugin.DiffNone, compare(t, skyCluster, properties(star(nil)), to).Changes)
}

func TestAnIgnoredPropertyIsNoChange(t *testing.T) {
	from := properties(map[string]any{"taints": []any{map[string]any{"key": "a", "value": "b"}}, "zones": []any{"x"}})
	to := properties(map[string]any{"taints": []any{map[string]any{"key": "c", "value": "d"}}, "zones": []any{"y"}})
	found := compare(t, skyPool, from, to, "taints[*].key", "zones")
	assert.Equal(t, detail{"taints[0].value": of(plugin.DiffUpdate)}, found.DetailedDiff)
	assert.Empty(t, found.ReplaceKeys)
	assert.Equal(t, plugin.DiffNone, compare(t, skyPool, from, to, "taints", "zones").Changes)
}

func TestAChangedSettingReplacesNothing(t *testing.T) {
	from, to := properties(map[string]any{"region": "north"}), properties(map[string]any{"region": "south"})
	found, err := start(t).DiffConfig(t.Context(), plugin.DiffConfigRequest{
		URN: urn("pulumi:providers:sky"), OldInputs: from, OldOutputs: from, NewInputs: to,
	})
	require.NoError(t, err)
	assert.Equal(t, detail{"region": of(plugin.DiffUpdate)}, found.DetailedDiff)
	assert.Empty(t, found.ReplaceKeys)
}
