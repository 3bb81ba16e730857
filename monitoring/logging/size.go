package logging

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/monitoring/logging/elastic"
	"github.com/dreamseed/platform/monitoring/logging/victorialogs"
	"github.com/dreamseed/platform/services/catalogue"
)

// gigabyte is the unit of DailyGB.
const gigabyte = 1e9

// unfinishedDays is what a store has beyond the retention: both delete whole days, VictoriaLogs by partition and
// Elasticsearch by index, of which the youngest is a day older than its first line.
const unfinishedDays = 1

// size is how much the volumes of a store take and hold.
type size struct {
	// perByte is what a logged byte takes on the volumes, all copies together.
	perByte float64
	// volumes is the number of volumes.
	volumes int
	// usable is the share of a volume that may be filled.
	usable float64
	// because explains the figures within a sentence.
	because string
}

var sizes = map[Store]size{
	Elastic: {
		perByte: elastic.Copies * elastic.IndexOverhead, volumes: elastic.Nodes, usable: elastic.Watermark,
		because: "2 copies, a tenth more for the index, on 3 nodes that are filled to 85 %",
	},
	VictoriaLogs: {
		perByte: 1.0 / victorialogs.Compression, volumes: 1, usable: victorialogs.UsablePercent / 100.0,
		because: "compressed to a quarter, on a volume that is filled to 80 %",
	},
}

// need returns the size that each volume must have for a retention.
func (s Spec) need(days int) resource.Quantity {
	of := sizes[s.Store]
	bytes := float64(s.DailyGB) * gigabyte * float64(days+unfinishedDays) * of.perByte / of.usable / float64(of.volumes)
	const mebibyte = 1 << 20
	return *resource.NewQuantity((int64(bytes)/mebibyte+1)*mebibyte, resource.BinarySI)
}

// Volumes returns the sizes of the volumes that the store claims.
func (s Spec) Volumes() []resource.Quantity {
	var all []resource.Quantity
	for range sizes[s.Store].volumes {
		all = append(all, s.Storage)
	}
	return all
}

// patterns are regular expressions of the names of a store's pods, and of those of its claims. ECK names them after the
// resource, the set of nodes and their number.
var patterns = map[Store]struct{ pods, claims string }{
	Elastic:      {elastic.Name + "-es-.+", "elasticsearch-data-" + elastic.Name + "-es-.+"},
	VictoriaLogs: {victorialogs.Name + "-a-.+", victorialogs.Name + "-a"},
}

// Pods returns a regular expression of the names of the store's pods.
func (s Spec) Pods() string { return patterns[s.Store].pods }

// Claims returns a regular expression of the names of the store's volume claims.
func (s Spec) Claims() string { return patterns[s.Store].claims }

// Requests returns what the pods of the store request together. They run on demand.
func (s Spec) Requests() catalogue.Amounts {
	var all catalogue.Amounts
	switch s.Store {
	case Elastic:
		all.Add(elastic.Requests(), elastic.Nodes)
		all.Add(elastic.KibanaRequests(), 1)
	case VictoriaLogs:
		all.Add(victorialogs.Requests(), 1)
	case None:
	}
	return all
}
