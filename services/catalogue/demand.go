package catalogue

import "k8s.io/apimachinery/pkg/api/resource"

// SurgePercent is how many pods a release may add beside the running ones, of the count that runs, rounded up.
const SurgePercent = 25

// Demand is the most that a set of services may ask of its namespace at one moment.
type Demand struct {
	Pods     int     `json:"pods"`
	Requests Amounts `json:"requests"`
	Limits   Amounts `json:"limits"`
}

// Peak is what the services ask for when each is at its maximum and all of them are being released at once.
func Peak(services []Service) Demand {
	var demand Demand
	for _, service := range services {
		pods := service.MaxReplicas + surge(service.MaxReplicas)
		demand.Pods += pods
		demand.Requests.add(service.Resources.Requests, pods)
		demand.Limits.add(service.Resources.Limits, pods)
	}
	return demand
}

func surge(replicas int) int { return (replicas*SurgePercent + 99) / 100 }

func (a *Amounts) add(one Amounts, times int) {
	a.CPU.Add(multiply(one.CPU, times))
	a.Memory.Add(multiply(one.Memory, times))
}

func multiply(quantity resource.Quantity, times int) resource.Quantity {
	product := quantity.DeepCopy()
	product.Mul(int64(times))
	return product
}
