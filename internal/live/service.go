package live

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dreamseed/platform/internal/kube"
)

// Service is the status of one service, as the API server reports it.
type Service struct {
	Name    string
	Image   string
	Ready   int
	Desired int
	// RolledOut reports whether every pod runs the newest release and is ready.
	RolledOut bool
	// Progress is how far the release in flight has come. Empty if none is in flight.
	Progress string
	// Problem is why the service is not rolled out, as far as the API server knows. Empty if it is.
	Problem string

	// stuck reports whether the release cannot complete by itself.
	stuck bool
}

// listed holds the fields that are read from a Deployment, Rollout, Pod, HorizontalPodAutoscaler or
// PodDisruptionBudget.
type listed struct {
	Kind     string   `json:"kind"`
	Metadata metadata `json:"metadata"`
	Spec     struct {
		Replicas int  `json:"replicas"`
		Paused   bool `json:"paused"`
		Template struct {
			Spec struct {
				Containers []struct {
					Image string `json:"image"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
		Strategy struct {
			Canary struct {
				Steps []canaryStep `json:"steps"`
			} `json:"canary"`
		} `json:"strategy"`
		// MinReplicas belongs to an autoscaler, MinAvailable to a disruption budget. The platform uses no percentages.
		MinReplicas  int `json:"minReplicas"`
		MinAvailable any `json:"minAvailable"`
	} `json:"spec"`
	Status objectStatus `json:"status"`
}

// service returns the value of the label that marks every object of a service.
func (l listed) service() string { return l.Metadata.Labels[kube.NameLabel] }

type objectStatus struct {
	ObservedGeneration generation `json:"observedGeneration"`
	Replicas           int        `json:"replicas"`
	UpdatedReplicas    int        `json:"updatedReplicas"`
	ReadyReplicas      int        `json:"readyReplicas"`
	Conditions         conditions `json:"conditions"`
	// Phase and Message are set by the Rollout's own controller. Abort reports that it has aborted the release.
	Phase   string `json:"phase"`
	Message string `json:"message"`
	Abort   bool   `json:"abort"`
	// CurrentStepIndex is the step of a canary. Nil with other strategies.
	CurrentStepIndex  *int `json:"currentStepIndex"`
	ContainerStatuses []struct {
		State struct {
			Waiting struct {
				Reason  string `json:"reason"`
				Message string `json:"message"`
			} `json:"waiting"`
		} `json:"state"`
	} `json:"containerStatuses"`
}

// generation counts the changes to an object. A Rollout stores the observed generation as a string.
type generation int

// UnmarshalJSON accepts a number or a string with a number.
func (g *generation) UnmarshalJSON(data []byte) error {
	number, err := strconv.Atoi(strings.Trim(string(data), `"`))
	*g = generation(number)
	return err
}

// rolledOut reports, for each kind of workload, whether its newest release is rolled out.
var rolledOut = map[string]func(s objectStatus, current generation, replicas int) bool{
	"Deployment": objectStatus.everyPodIsNew,
	"Rollout":    objectStatus.healthy,
}

// readWorkloads reads the Deployments and Rollouts as services, or as stores. It takes their problems from their
// conditions and their pods.
func (e *Environment) readWorkloads(all []listed) {
	problems := map[string]string{}
	for _, item := range all {
		if problem := item.Status.problem(); problem != "" {
			problems[item.service()] = problem
		}
	}
	promised := readPromises(all)
	for _, item := range all {
		isOut, isService := rolledOut[item.Kind]
		if !isService {
			continue
		}
		stopped := item.stopped(promised[item.service()])
		service := Service{
			Name: item.Metadata.Name, Ready: item.Status.ReadyReplicas, Desired: item.Spec.Replicas,
			RolledOut: stopped == "" && isOut(item.Status, item.Metadata.Generation, item.Spec.Replicas),
			stuck:     item.stuck(),
		}
		if !service.RolledOut {
			service.Problem = sentences(stopped, item.Status.Message, problems[item.service()])
		}
		if !service.RolledOut && stopped == "" {
			service.Progress = item.progress()
		}
		if containers := item.Spec.Template.Spec.Containers; len(containers) > 0 {
			service.Image = containers[0].Image
		}
		if slices.Contains(deployed, item.service()) {
			e.Stores = append(e.Stores, storeOf(item.service(), service))
			continue
		}
		e.Services = append(e.Services, service)
	}
}

// sentences joins the non-empty strings.
func sentences(all ...string) string {
	said := slices.DeleteFunc(all, func(sentence string) bool { return sentence == "" })
	return strings.Join(said, "; ")
}

// everyPodIsNew makes the same check as `kubectl rollout status`.
func (s objectStatus) everyPodIsNew(current generation, replicas int) bool {
	return s.ObservedGeneration >= current &&
		s.UpdatedReplicas == replicas && s.Replicas == replicas && s.ReadyReplicas == replicas
}

// healthy makes the same check as `kubectl argo rollouts status`. The pods of the previous release may stay for a
// while.
func (s objectStatus) healthy(current generation, _ int) bool {
	return s.ObservedGeneration == current && s.Phase == "Healthy"
}

// blockers are the conditions that explain why a workload does not progress: no room for a pod, or a quota or an
// admission plugin that rejects it.
var blockers = []condition{
	{Type: "PodScheduled", Status: "False"},
	{Type: "ReplicaFailure", Status: "True"},
}

func (s objectStatus) problem() string {
	for _, status := range s.ContainerStatuses {
		if waiting := status.State.Waiting; waiting.Reason != "" {
			return waiting.Reason + ": " + waiting.Message
		}
	}
	for _, found := range s.Conditions {
		for _, bad := range blockers {
			if found.Type == bad.Type && found.Status == bad.Status {
				return found.why()
			}
		}
	}
	return ""
}

// stuck reports whether the release of a Deployment or a Rollout cannot complete by itself. InvalidSpec does not count:
// a Service may cause it, and it clears as soon as the controller has seen the Service.
func (l listed) stuck() bool {
	if l.Status.ObservedGeneration < l.Metadata.Generation {
		return false // the status belongs to the previous release
	}
	return l.Spec.Replicas == 0 || l.Spec.Paused || l.Status.Abort || l.Status.Conditions.say("Progressing", "False") ||
		l.Status.Phase == "Degraded" && !l.Status.Conditions.say("InvalidSpec", "True")
}
