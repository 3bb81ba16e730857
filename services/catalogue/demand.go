package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/services/availability"
)

// Demand is the most that a set of services may request from its namespace at one moment.
type Demand struct {
	Pods     int     `json:"pods"`
	Requests Amounts `json:"requests"`
	Limits   Amounts `json:"limits"`
}

// Peak returns the demand when every service is at its maximum and all are being released at once, with their databases
// migrated.
func Peak(services []Service) Demand {
	var demand Demand
	for _, service := range services {
		pods := service.Autoscaling.MaxReplicas + service.Release.Strategy.surge(service.Autoscaling.MaxReplicas)
		demand.Pods += pods
		demand.Requests.Add(service.Resources.Requests, pods)
		demand.Limits.Add(service.Resources.Limits, pods)
		if service.Needs.Postgres {
			demand.Pods++
			demand.Requests.Add(service.Migration.Resources.Requests, 1)
			demand.Limits.Add(service.Migration.Resources.Limits, 1)
		}
	}
	return demand
}

// surge returns the most pods that a release adds. Blue-green runs all of them twice.
func (s Strategy) surge(replicas int) int {
	if s == BlueGreen {
		return replicas
	}
	return (replicas*availability.MaxSurgePercent + 99) / 100
}

// Add adds another demand.
func (d *Demand) Add(other Demand) {
	d.Pods += other.Pods
	d.Requests.Add(other.Requests, 1)
	d.Limits.Add(other.Limits, 1)
}

// Add adds an amount the given number of times.
func (a *Amounts) Add(one Amounts, times int) {
	a.CPU.Add(multiply(one.CPU, times))
	a.Memory.Add(multiply(one.Memory, times))
}

func multiply(quantity resource.Quantity, times int) resource.Quantity {
	product := quantity.DeepCopy()
	product.Mul(int64(times))
	return product
}
