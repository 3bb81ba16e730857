package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services/catalogue"
)

// workload is what is looked at of a Deployment or a Rollout to see whether its release comes to an end by itself.
type workload struct {
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
	} `json:"spec"`
	Status struct {
		ObservedGeneration generation  `json:"observedGeneration"`
		Conditions         []condition `json:"conditions"`
		// Phase and Abort are a Rollout's.
		Phase string `json:"phase"`
		Abort bool   `json:"abort"`
	} `json:"status"`
}

const (
	deploymentsPath = "/apis/apps/v1/deployments"
	rolloutsPath    = "/apis/argoproj.io/v1alpha1/rollouts"
)

// workloads are the platform's.
func (s *Sandbox) workloads(ctx context.Context, paths ...string) ([]workload, error) {
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	var all []workload
	for _, path := range paths {
		var list listOf[workload]
		if err := reader.Read(ctx, path+ours, &list); err != nil {
			return nil, fmt.Errorf("listing the workloads: %w", err)
		}
		all = append(all, list.Items...)
	}
	return all, nil
}

// stuckWorkloads are those whose release does not come to an end by itself.
func (s *Sandbox) stuckWorkloads(
	ctx context.Context, components []controlplane.ComponentStatus,
) (map[string]bool, error) {
	paths := []string{deploymentsPath}
	if runs(components, operator.ArgoRollouts) {
		paths = append(paths, rolloutsPath)
	}
	all, err := s.workloads(ctx, paths...)
	stuck := map[string]bool{}
	for _, one := range all {
		stuck[one.Metadata.Name] = one.stuck()
	}
	return stuck, err
}

func (w workload) stuck() bool {
	if w.Status.ObservedGeneration < w.Metadata.Generation {
		return false // what it says is of the former release
	}
	return w.Spec.Replicas == 0 || w.Spec.Paused || w.Status.Abort || w.says("Progressing", "False") ||
		w.Status.Phase == "Degraded" && !w.says("InvalidSpec", "True")
}

// says reports whether the workload has a condition. That a Rollout is invalid may be a Service's fault, and past as
// soon as the controller has heard of the Service.
func (w workload) says(kind, status string) bool {
	return slices.ContainsFunc(w.Status.Conditions, func(c condition) bool {
		return c.Type == kind && c.Status == status
	})
}

// retryAborted has the releases tried again that were taken back, where the configuration still asks for them. Argo
// Rollouts forgets that it has taken one back when the pods are to be others, or when somebody says so, and for the
// engine there is nothing to change. An image that is asked for no more is not tried: the engine takes it out.
//
// The patch is that of `kubectl argo rollouts retry`
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/pkg/kubectl-argo-rollouts/cmd/retry/retry.go).
func (s *Sandbox) retryAborted(ctx context.Context, cfg *config.Config) error {
	if !slices.Contains(cfg.UsedOperators(), operator.ArgoRollouts) {
		return nil
	}
	all, err := s.workloads(ctx, rolloutsPath)
	if err != nil {
		return err
	}
	for _, one := range all {
		asked := func(service catalogue.Service) bool {
			return service.Workload() == one.Metadata.Name && one.releases(service.Image)
		}
		if !one.Status.Abort || !slices.ContainsFunc(cfg.Services, asked) {
			continue
		}
		if _, err := s.plane.Kubectl(ctx, nil, "patch", "rollouts.argoproj.io", one.Metadata.Name,
			"--namespace", one.Metadata.Namespace, "--subresource=status", "--type=merge",
			"--patch", `{"status":{"abort":false}}`); err != nil {
			return fmt.Errorf("retrying the release of %s: %w", one.Metadata.Name, err)
		}
	}
	return nil
}

// releases reports whether the workload's pods are to run an image of the configuration, which may name no registry.
func (w workload) releases(image string) bool {
	for _, container := range w.Spec.Template.Spec.Containers {
		if container.Image == image || strings.HasSuffix(container.Image, "/"+image) {
			return true
		}
	}
	return false
}
