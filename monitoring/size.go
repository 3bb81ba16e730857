package monitoring

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/services/catalogue"
)

// Figures by which Prometheus is sized. A sample takes one to two bytes
// (https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects); a series of the head takes some 8 KiB,
// its share of queries and of the log included.
const (
	bytesPerSample = 2
	samplesPerDay  = 24 * 60 * 60 / 30
	seriesPerPod   = 250
	otherSeries    = 20_000
	bytesPerSeries = 8 << 10
	baseMemory     = 256 << 20
)

// Series returns the number of series of an environment with as many pods of services.
func Series(pods int) int { return otherSeries + seriesPerPod*pods }

// series returns the number of series at the services' peak.
func (b *builder) series() int { return Series(catalogue.Peak(b.args.Services).Pods) }

// memoryFor returns the memory that Prometheus takes for as many series, in whole MiB.
func memoryFor(series int) resource.Quantity {
	bytes := int64(baseMemory) + int64(series)*bytesPerSeries
	return *resource.NewQuantity(bytes>>20<<20, resource.BinarySI)
}

// diskFor returns the bytes that as many series take over a number of days.
func diskFor(series, days int) int64 {
	return int64(series) * samplesPerDay * int64(days) * bytesPerSample
}
