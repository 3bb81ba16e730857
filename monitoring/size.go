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
	// A pod of a service serves ownSeries, scraped every 15 seconds. What the cluster knows of it are foreignSeries,
	// scraped every 30 seconds as all others.
	ownSeries      = 150
	foreignSeries  = 100
	otherSeries    = 20_000
	ownPerDay      = 24 * 60 * 60 / 15
	otherPerDay    = 24 * 60 * 60 / 30
	bytesPerSeries = 8 << 10
	baseMemory     = 256 << 20
)

// Series returns the number of series of an environment with as many pods of services.
func Series(pods int) int { return otherSeries + (ownSeries+foreignSeries)*pods }

// series returns the number of series at the services' peak.
func (b *builder) series() int { return Series(catalogue.Peak(b.args.Services).Pods) }

// memoryFor returns the memory that Prometheus takes for as many series, in whole MiB.
func memoryFor(series int) resource.Quantity {
	bytes := int64(baseMemory) + int64(series)*bytesPerSeries
	return *resource.NewQuantity(bytes>>20<<20, resource.BinarySI)
}

// diskFor returns the bytes that an environment with as many pods of services takes over a number of days.
func diskFor(pods, days int) int64 {
	samplesPerDay := (otherSeries+foreignSeries*pods)*otherPerDay + ownSeries*pods*ownPerDay
	return int64(samplesPerDay) * int64(days) * bytesPerSample
}
