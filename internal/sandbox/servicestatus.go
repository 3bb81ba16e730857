package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// ServiceStatus is one service as the API server sees it.
type ServiceStatus struct {
	Name    string
	Image   string
	Ready   int
	Desired int
	// RolledOut says that every pod runs the newest release and is ready.
	RolledOut bool
	// Problem is why it is not rolled out, as far as the API server knows. Empty where it is.
	Problem string

	// stuck says that its release does not come to an end by itself.
	stuck bool
}

// listed is the part of a Deployment, Rollout, Pod, HorizontalPodAutoscaler or PodDisruptionBudget that is looked at
// here.
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
		// MinReplicas is an autoscaler's, MinAvailable a budget's; a share in percent is not the platform's.
		MinReplicas  int `json:"minReplicas"`
		MinAvailable any `json:"minAvailable"`
	} `json:"spec"`
	Status objectStatus `json:"status"`
}

// service is the label by which everything that belongs to a service is found.
func (l listed) service() string { return l.Metadata.Labels["app.kubernetes.io/name"] }

type objectStatus struct {
	ObservedGeneration generation `json:"observedGeneration"`
	Replicas           int        `json:"replicas"`
	UpdatedReplicas    int        `json:"updatedReplicas"`
	ReadyReplicas      int        `json:"readyReplicas"`
	Conditions         conditions `json:"conditions"`
	// Phase and Message are the verdict of a Rollout's own controller, Abort that it has taken the release back.
	Phase             string `json:"phase"`
	Message           string `json:"message"`
	Abort             bool   `json:"abort"`
	ContainerStatuses []struct {
		State struct {
			Waiting struct {
				Reason  string `json:"reason"`
				Message string `json:"message"`
			} `json:"waiting"`
		} `json:"state"`
	} `json:"containerStatuses"`
}

// generation counts the changes to an object. A Rollout says in a string which one was observed.
type generation int

// UnmarshalJSON reads a number and a string with a number.
func (g *generation) UnmarshalJSON(data []byte) error {
	number, err := strconv.Atoi(strings.Trim(string(data), `"`))
	*g = generation(number)
	return err
}

// rolledOut says for each kind that services are made of when its newest release is out.
var rolledOut = map[string]func(s objectStatus, current generation, replicas int) bool{
	"Deployment": objectStatus.everyPodIsNew,
	"Rollout":    objectStatus.healthy,
}

// readServices reads the Deployments and Rollouts as services, and what holds them up from their conditions and their
// pods.
func readServices(all []listed) []ServiceStatus {
	problems := map[string]string{}
	for _, item := range all {
		if problem := item.Status.problem(); problem != "" {
			problems[item.service()] = problem
		}
	}
	promised := readPromises(all)
	var services []ServiceStatus
	for _, item := range all {
		isOut, isService := rolledOut[item.Kind]
		if !isService {
			continue
		}
		stopped := item.stopped(promised[item.service()])
		service := ServiceStatus{
			Name: item.Metadata.Name, Ready: item.Status.ReadyReplicas, Desired: item.Spec.Replicas,
			RolledOut: stopped == "" && isOut(item.Status, item.Metadata.Generation, item.Spec.Replicas),
			stuck:     item.stuck(),
		}
		if !service.RolledOut {
			service.Problem = sentences(stopped, item.Status.Message, problems[service.Name])
		}
		for _, container := range item.Spec.Template.Spec.Containers {
			service.Image = container.Image
		}
		services = append(services, service)
	}
	return services
}

// sentences joins those that say something.
func sentences(all ...string) string {
	said := slices.DeleteFunc(all, func(sentence string) bool { return sentence == "" })
	return strings.Join(said, "; ")
}

// everyPodIsNew asks what `kubectl rollout status` asks.
func (s objectStatus) everyPodIsNew(current generation, replicas int) bool {
	return s.ObservedGeneration >= current &&
		s.UpdatedReplicas == replicas && s.Replicas == replicas && s.ReadyReplicas == replicas
}

// healthy asks what `kubectl argo rollouts status` asks. The pods of the former release may stand by for a while.
func (s objectStatus) healthy(current generation, _ int) bool {
	return s.ObservedGeneration == current && s.Phase == "Healthy"
}

// problems are the conditions that say why something does not go on: no room for a pod, a quota or an admission
// plugin that refuses it.
var problems = []condition{
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
		for _, bad := range problems {
			if found.Type == bad.Type && found.Status == bad.Status {
				return found.why()
			}
		}
	}
	return ""
}

// stuck reports whether the release of a Deployment or a Rollout does not come to an end by itself. That a Rollout is
// invalid may be a Service's fault, and past as soon as the controller has heard of the Service.
func (l listed) stuck() bool {
	if l.Status.ObservedGeneration < l.Metadata.Generation {
		return false // what it says is of the former release
	}
	return l.Spec.Replicas == 0 || l.Spec.Paused || l.Status.Abort || l.Status.Conditions.say("Progressing", "False") ||
		l.Status.Phase == "Degraded" && !l.Status.Conditions.say("InvalidSpec", "True")
}
