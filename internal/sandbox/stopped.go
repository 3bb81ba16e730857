package sandbox

import (
	"fmt"
	"strings"
)

// promise is how many pods a service has at least.
type promise struct {
	// least is where its autoscaler begins, floor how many are ready at any time.
	least, floor int
}

// readPromises finds what is promised for each service.
func readPromises(items []listed) map[string]promise {
	promised := map[string]promise{}
	for _, item := range items {
		of := promised[item.service()]
		switch item.Kind {
		case "HorizontalPodAutoscaler":
			of.least = item.Spec.MinReplicas
		case "PodDisruptionBudget":
			// A share is no count, and leaves the floor at none.
			floor, _ := item.Spec.MinAvailable.(float64)
			of.floor = int(floor)
		}
		promised[item.service()] = of
	}
	return promised
}

// stopped says how a person stopped a workload, and the command that lets it go on. Its figures agree with each other
// then: none of none is ready. It is empty where nobody did.
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
