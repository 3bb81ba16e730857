package catalogue

import "github.com/dreamseed/platform/internal/invalid"

// Autoscaling bounds the number of pods of a service and sets the load of one pod. The autoscaler keeps the average of
// all pods at or below each target.
type Autoscaling struct {
	// MinReplicas and MaxReplicas bound the pods. A change applies in place: the autoscaler follows at once.
	MinReplicas int `json:"minReplicas"`
	MaxReplicas int `json:"maxReplicas"`
	// CPUPercent and MemoryPercent are percentages of a pod's requests, 1 to 100. Default 70 and 80.
	CPUPercent    int `json:"cpuPercent"`
	MemoryPercent int `json:"memoryPercent"`
	// RequestsPerSecond is the request rate of one pod, which Prometheus counts; 0 leaves the target out. Default 1000 for
	// assessment, else 0. From 0 to a figure, or back, the autoscaler is replaced: for some seconds nothing scales, and
	// the pods stay.
	RequestsPerSecond int `json:"requestsPerSecond"`
}

// seedsRequestsPerSecond is the request rate of a pod of the default size.
const seedsRequestsPerSecond = 1000

func between(minReplicas, maxReplicas int) Autoscaling {
	return Autoscaling{MinReplicas: minReplicas, MaxReplicas: maxReplicas, CPUPercent: 70, MemoryPercent: 80}
}

// byRequests returns the bounds with a target for requests.
func (a Autoscaling) byRequests(perSecond int) Autoscaling {
	a.RequestsPerSecond = perSecond
	return a
}

// Pods double every 15 seconds, the first time at once, and autoscaling is promised within a minute.
const doublings, reachable = 4, 1 << doublings

// validate leaves the rest of the replica counts to the availability statement, which includes them.
func (a Autoscaling) validate(key string, counted bool, problems *invalid.Problems) {
	for _, target := range []struct {
		name    string
		percent int
	}{{"cpuPercent", a.CPUPercent}, {"memoryPercent", a.MemoryPercent}} {
		if target.percent < 1 || target.percent > 100 {
			problems.Add(key+"."+target.name, target.percent, "must be from 1 to 100: a share of what a pod requests")
		}
	}
	a.validateRequests(key+".requestsPerSecond", counted, problems)
	if a.MinReplicas > 0 && a.MaxReplicas > reachable*a.MinReplicas {
		problems.Add(key+".maxReplicas", a.MaxReplicas,
			"must be at most %d, %d times minReplicas: pods double every 15 seconds, which is %d times within the minute that "+
				"is promised", reachable*a.MinReplicas, reachable, doublings)
	}
}

func (a Autoscaling) validateRequests(key string, counted bool, problems *invalid.Problems) {
	switch {
	case a.RequestsPerSecond < 0:
		problems.Add(key, a.RequestsPerSecond, "must be 0 or more")
	case a.RequestsPerSecond == 0:
	case !counted:
		problems.Add(key, a.RequestsPerSecond, "must be 0 in a stack without Prometheus: nothing counts requests there "+
			"(monitoring.prometheus, monitoring.url)")
	case a.MinReplicas == a.MaxReplicas:
		problems.Add(key, a.RequestsPerSecond,
			"must be 0 where minReplicas is maxReplicas (%d): no load changes their number", a.MaxReplicas)
	}
}
