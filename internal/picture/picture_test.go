package picture_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/picture"
)

var (
	first  = picture.Node{Name: "cluster", Kind: "GKE"}
	second = picture.Node{Name: "services", Kind: "Namespace"}
	third  = picture.Node{Name: "auth", Kind: "Service"}
)

// chain has an edge from the first to the third, which goes through the second as well.
func chain() *picture.Graph {
	graph := &picture.Graph{}
	graph.Wait(third, second)
	graph.Wait(third, first)
	graph.Wait(second, first)
	graph.Wait(first, first)
	return graph
}

func TestAPictureIsWellFormedAndHasEveryNode(t *testing.T) {
	drawn, err := chain().SVG("a < b")
	require.NoError(t, err)
	decoder := xml.NewDecoder(strings.NewReader(drawn))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	for _, node := range []picture.Node{first, second, third} {
		assert.Contains(t, drawn, ">"+node.Name+"<")
		assert.Contains(t, drawn, ">"+node.Kind+"<")
	}
}

func TestAnEdgeThatFollowsFromOthersIsNotDrawn(t *testing.T) {
	drawn, err := chain().SVG("chain")
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(drawn, "<path"))
}

func TestEachNodeIsToTheRightOfThoseThatItWaitsFor(t *testing.T) {
	drawn, err := chain().SVG("chain")
	require.NoError(t, err)
	var order []int
	for _, node := range []picture.Node{first, second, third} {
		order = append(order, strings.Index(drawn, ">"+node.Name+"<"))
	}
	assert.IsIncreasing(t, order, "the columns stand one after the other")
}

func TestThePictureOfAGraphIsAlwaysTheSame(t *testing.T) {
	once, err := chain().SVG("chain")
	require.NoError(t, err)
	again, err := chain().SVG("chain")
	require.NoError(t, err)
	assert.Equal(t, once, again)
}
