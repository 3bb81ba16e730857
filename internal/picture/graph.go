// Package picture draws a graph of components: what is built, and what each of them waits for.
package picture

import (
	"cmp"
	"maps"
	"slices"
)

// Node is one component.
type Node struct {
	// Name is the logical name, Kind a short word for the type, such as Namespace.
	Name, Kind string
}

// Graph is a directed graph without circles: an edge leads from a node to those that wait for it.
type Graph struct {
	// waits holds, for each node, the nodes that it waits for.
	waits map[Node]map[Node]bool
}

// Add adds a node, if it is not there yet.
func (g *Graph) Add(node Node) {
	if g.waits == nil {
		g.waits = map[Node]map[Node]bool{}
	}
	if g.waits[node] == nil {
		g.waits[node] = map[Node]bool{}
	}
}

// Wait adds that a node waits for another one. A node does not wait for itself.
func (g *Graph) Wait(node, first Node) {
	if node == first {
		return
	}
	g.Add(node)
	g.Add(first)
	g.waits[node][first] = true
}

// layers returns the nodes by the length of the longest chain of nodes that they wait for. Within a layer they are
// sorted by kind and name.
func (g *Graph) layers() [][]Node {
	depths := map[Node]int{}
	var layers [][]Node
	for _, node := range slices.SortedFunc(maps.Keys(g.waits), compare) {
		depth := g.depth(node, depths)
		for len(layers) <= depth {
			layers = append(layers, nil)
		}
		layers[depth] = append(layers[depth], node)
	}
	return layers
}

func (g *Graph) depth(node Node, known map[Node]int) int {
	if depth, found := known[node]; found {
		return depth
	}
	depth := 0
	for first := range g.waits[node] {
		depth = max(depth, g.depth(first, known)+1)
	}
	known[node] = depth
	return depth
}

// direct returns the nodes that a node waits for, without those that another one of them waits for.
func (g *Graph) direct(node Node) []Node {
	direct := maps.Clone(g.waits[node])
	for first := range g.waits[node] {
		for behind := range g.behind(first) {
			delete(direct, behind)
		}
	}
	return slices.SortedFunc(maps.Keys(direct), compare)
}

// behind returns all nodes that a node waits for, at once or through others.
func (g *Graph) behind(node Node) map[Node]bool {
	all := map[Node]bool{}
	for first := range g.waits[node] {
		all[first] = true
		maps.Copy(all, g.behind(first))
	}
	return all
}

func compare(a, b Node) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}
