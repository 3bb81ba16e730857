package standin

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAFlawInATableIsFound(t *testing.T) {
	require.NoError(t, sky().Check())
	for reason, c := range map[string]struct {
		plant func(*Resource)
		want  string
	}{
		"no source": {func(r *Resource) { r.Source = "" }, `has the source "", not an address`},
		"a required property that is no input": {
			func(r *Resource) { r.Required = []string{"namee"} }, "namee is no input",
		},
		"an immutable property that is no input": {
			func(r *Resource) { r.Replaces = []string{"network.pubic"} }, "network.pubic is no input",
		},
		"a protection that is no input": {
			func(r *Resource) { r.Protection = "protectde" }, "protectde is no input",
		},
		"a secret that is no output": {
			func(r *Resource) { r.Secrets = []string{"name"} }, "name is secret, but filled in by nothing",
		},
		"an ID of a name that means nothing": {
			func(r *Resource) { r.ID = Text("{namee}") }, "making its ID: there is no {namee}",
		},
		"an ID that is no text": {func(r *Resource) { r.ID = Constant(1) }, "making its ID: 1 is not a string"},
		"no ID":                 {func(r *Resource) { r.ID = nil }, "has no ID"},
		"an output of a name that means nothing": {
			func(r *Resource) {
				r.Outputs = map[string]Value{"link": Text("{network.subent}/{my-name}")}
				r.Secrets = nil
			},
			`filling in link: there is no {network.subent} for "{network.subent}/{my-name}"` + "\nthere is no {my-name}",
		},
		"a name that means nothing inside of an output": {
			func(r *Resource) {
				r.Outputs = map[string]Value{"links": func(i Instance) any {
					return []any{map[string]any{"link": Text("{namee}")(i)}}
				}}
				r.Secrets = nil
			},
			"filling in links: there is no {namee}",
		},
		"an output of a serial, which is no property": {
			func(r *Resource) { r.Outputs = map[string]Value{"link": Text("{serial}")}; r.Secrets = nil },
			"filling in link: there is no {serial}",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			cloud := sky()
			planted := cloud.Resources[skyCluster]
			c.plant(&planted)
			cloud.Resources[skyCluster] = planted
			err := cloud.Check()
			require.ErrorContains(t, err, skyCluster+": ")
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAFlawOfAFunctionIsFound(t *testing.T) {
	cloud := sky()
	cloud.Functions["moon:index:getTide"] = Function{
		Result: map[string]Value{"height": Text("{moon}")}, Secrets: []string{"depth"},
	}
	err := cloud.Check()
	for _, want := range []string{
		"moon:index:getTide: ", "is not in the package sky", "has the source", "there is no {moon}", "depth is secret",
	} {
		require.ErrorContains(t, err, want)
	}
}

func TestAnEntryMayNameAllItsInputs(t *testing.T) {
	cloud := sky()
	pool := cloud.Resources[skyPool]
	pool.Replaces = []string{"labels", "labels.*", "taints", "taints.key", "zones"}
	cloud.Resources[skyPool] = pool
	assert.NoError(t, cloud.Check())
}
