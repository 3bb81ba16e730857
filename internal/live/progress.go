package live

import "fmt"

// canaryStep is a step of a Rollout: it sets a share of the pods, or waits
// (https://argo-rollouts.readthedocs.io/en/stable/features/canary).
type canaryStep struct {
	SetWeight *int `json:"setWeight"`
}

// progress describes how far the release of a Deployment or a Rollout has come.
func (l listed) progress() string {
	pods := fmt.Sprintf("%d of %d pods are new, %d of all are ready",
		l.Status.UpdatedReplicas, l.Spec.Replicas, l.Status.ReadyReplicas)
	if l.Status.ObservedGeneration < l.Metadata.Generation {
		return "its controller has not begun"
	}
	return sentences(l.canaryProgress(), pods)
}

// canaryProgress names the step of a canary, and the share of the pods that it has reached.
func (l listed) canaryProgress() string {
	steps := l.Spec.Strategy.Canary.Steps
	if l.Status.CurrentStepIndex == nil || len(steps) == 0 {
		return ""
	}
	at, weight := min(*l.Status.CurrentStepIndex, len(steps)), 0
	for _, step := range steps[:min(at+1, len(steps))] {
		if step.SetWeight != nil {
			weight = *step.SetWeight
		}
	}
	if at == len(steps) {
		return fmt.Sprintf("all %d steps done, to 100 %%", len(steps))
	}
	return fmt.Sprintf("step %d of %d, at %d %%", at+1, len(steps), weight)
}
