package platform_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/picture"
)

// The README shows this picture. `go test ./internal/platform -update` draws it anew.
func TestThePictureIsOfTheGraph(t *testing.T) {
	built := build(t, stackConfig(t, "production"))
	drawn, err := graphOf(built).SVG("The components of the production environment, and what each of them waits for")
	require.NoError(t, err)
	mocktest.AssertFile(t, "../../docs/platform.svg", drawn)
}

// graphOf returns the graph of the components and the releases. A dependency of a resource is one of its component.
func graphOf(built *mocktest.Recording) *picture.Graph {
	nodes := map[string]picture.Node{}
	for _, one := range built.Resources {
		if node, is := nodeOf(one); is {
			nodes[one.Ref()] = node
		}
	}
	parents := map[string]string{}
	for _, one := range built.Resources {
		parents[one.Ref()] = one.Parent
	}
	owner := func(ref string) (picture.Node, bool) {
		for ; ref != ""; ref = parents[ref] {
			if node, is := nodes[ref]; is {
				return node, true
			}
		}
		return picture.Node{}, false
	}
	graph := &picture.Graph{}
	for _, one := range built.Resources {
		node, owned := owner(one.Ref())
		if !owned {
			continue
		}
		graph.Add(node)
		for _, ref := range append(one.Dependencies, one.Provider) {
			if first, owned := owner(ref); owned {
				graph.Wait(node, first)
			}
		}
	}
	return graph
}

// nodeOf returns the node of a component of ours, or of a Helm release.
func nodeOf(one *mocktest.Resource) (picture.Node, bool) {
	kind := one.Type[strings.LastIndex(one.Type, ":")+1:]
	return picture.Node{Name: one.Name, Kind: kind}, strings.HasPrefix(one.Type, "dreamseed:") || one.Type == releaseType
}
