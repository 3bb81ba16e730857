package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// retryAborted retries aborted releases that the configuration still asks for. Argo Rollouts clears an abort only when
// the pod template changes or somebody requests a retry, and the engine sees nothing to change. An image that is no
// longer configured is not retried: the engine replaces it.
//
// The patch is that of `kubectl argo rollouts retry`
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/pkg/kubectl-argo-rollouts/cmd/retry/retry.go).
func (s *Sandbox) retryAborted(ctx context.Context, cfg *config.Config) error {
	if !slices.Contains(cfg.UsedOperators(), operator.ArgoRollouts) {
		return nil
	}
	reader, err := s.plane.Reader()
	if err != nil {
		return err
	}
	all, err := list[listed](ctx, reader, rolloutsPath+ours)
	if err != nil {
		return fmt.Errorf("listing the Rollouts: %w", err)
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

// releases reports whether a workload's pod template has an image of the configuration, which may omit the registry.
func (l listed) releases(image string) bool {
	for _, container := range l.Spec.Template.Spec.Containers {
		if container.Image == image || strings.HasSuffix(container.Image, "/"+image) {
			return true
		}
	}
	return false
}
