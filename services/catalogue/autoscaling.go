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
	// RequestsPerSecond is the request rate of one pod; 0 leaves the target out. Default 1000 in a stack that has a source
	// for it (dreamseed:metrics.requestsPerSecond), else 0: a metric that cannot be read keeps the autoscaler from ever
	// scaling down.
	RequestsPerSecond int `json:"requestsPerSecond"`
}

// DefaultRequestsPerSecond is the request rate that a pod of the default size serves.
const DefaultRequestsPerSecond = 1000

func between(minReplicas, maxReplicas int) Autoscaling {
	return Autoscaling{MinReplicas: minReplicas, MaxReplicas: maxReplicas, CPUPercent: 70, MemoryPercent: 80}
}

// validate leaves the replica counts to the availability statement, which includes them.
func (a Autoscaling) validate(key string, counted bool, problems *invalid.Problems) {
	for _, target := range []struct {
		name    string
		percent int
	}{{"cpuPercent", a.CPUPercent}, {"memoryPercent", a.MemoryPercent}} {
		if target.percent < 1 || target.percent > 100 {
			problems.Add(key+"."+target.name, target.percent, "must be from 1 to 100: a share of what a pod requests")
		}
	}
	switch {
	case a.RequestsPerSecond < 0:
		problems.Add(key+".requestsPerSecond", a.RequestsPerSecond, "must be 0 or more")
	case a.RequestsPerSecond > 0 && !counted:
		problems.Add(key+".requestsPerSecond", a.RequestsPerSecond,
			"must not be set in a stack without metrics.requestsPerSecond: nothing counts requests there, and a metric "+
				"that cannot be read keeps the autoscaler from scaling down")
	}
}
