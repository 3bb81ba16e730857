package picture

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed picture.svg.tmpl
var source string

var drawing = template.Must(template.New("picture").Parse(source))

// The measures of a picture, in pixels.
const (
	boxWidth, boxHeight   = 170, 36
	columnWidth, rowPitch = 230, 48
	margin                = 20
)

// box is a node with its place, edge a line between two boxes.
type (
	box struct {
		X, Y, Width, Height, CenterX, NameY, KindY int
		Name, Kind                                 string
	}
	edge struct{ FromX, FromY, ToX, ToY, BendX int }
)

// SVG draws the graph from left to right, each layer as a column.
func (g *Graph) SVG(title string) (string, error) {
	layers := g.layers()
	tallest := 0
	for _, layer := range layers {
		tallest = max(tallest, len(layer))
	}
	places := map[Node]box{}
	var boxes []box
	for column, layer := range layers {
		top := margin + (tallest-len(layer))*rowPitch/2
		for row, node := range layer {
			places[node] = boxAt(node, margin+column*columnWidth, top+row*rowPitch)
			boxes = append(boxes, places[node])
		}
	}
	var edges []edge
	for _, layer := range layers {
		for _, node := range layer {
			for _, first := range g.direct(node) {
				edges = append(edges, between(places[first], places[node]))
			}
		}
	}
	var out strings.Builder
	err := drawing.Execute(&out, map[string]any{
		"Title": title, "Boxes": boxes, "Edges": edges,
		"Width":  2*margin + (len(layers)-1)*columnWidth + boxWidth,
		"Height": 2*margin + (tallest-1)*rowPitch + boxHeight,
	})
	if err != nil {
		return "", fmt.Errorf("drawing %s: %w", title, err)
	}
	return out.String(), nil
}

func boxAt(node Node, x, y int) box {
	return box{
		X: x, Y: y, Width: boxWidth, Height: boxHeight, CenterX: x + boxWidth/2, NameY: y + 16, KindY: y + 29,
		Name: node.Name, Kind: node.Kind,
	}
}

func between(first, node box) edge {
	return edge{
		FromX: first.X + boxWidth, FromY: first.Y + boxHeight/2, ToX: node.X, ToY: node.Y + boxHeight/2,
		BendX: (first.X + boxWidth + node.X) / 2,
	}
}
