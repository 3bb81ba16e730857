package live

import (
	"fmt"
	"strings"
)

// promise holds the minimum pod counts of a service.
type promise struct {
	// least is the minimum of its autoscaler, floor the minimum of its disruption budget.
	least, floor int
}

// readPromises reads the minimum pod counts of each service.
func readPromises(items []listed) map[string]promise {
	promised := map[string]promise{}
	for _, item := range items {
		of := promised[item.service()]
		switch item.Kind {
		case "HorizontalPodAutoscaler":
			of.least = item.Spec.MinReplicas
		case "PodDisruptionBudget":
			// A percentage is not a count and leaves the floor at 0.
			floor, _ := item.Spec.MinAvailable.(float64)
			of.floor = int(floor)
		}
		promised[item.service()] = of
	}
	return promised
}

// stopped describes how a person stopped a workload, with the command that resumes it, or returns "" if nobody did. The
// status of a stopped workload looks consistent: 0 of 0 pods are ready.
func (l listed) stopped(promised promise) string {
	name := strings.ToLower(l.Kind) + "/" + l.Metadata.Name + " --namespace " + l.Metadata.Namespace
	if l.Spec.Replicas == 0 {
		return fmt.Sprintf("it was scaled to 0, and an autoscaler does nothing at 0; its floor is %d: "+
			"`kubectl scale %s --replicas=%d` brings it back", promised.floor, name, max(promised.least, promised.floor, 1))
	}
	if l.Spec.Paused && l.Kind == "Deployment" {
		return fmt.Sprintf("it was paused, and releases nothing until `kubectl rollout resume %s`", name)
	}
	return ""
}
