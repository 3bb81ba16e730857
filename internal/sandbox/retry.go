package sandbox

import (
	"context"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
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
	aborted, err := live.AbortedReleases(ctx, reader)
	if err != nil {
		return err
	}
	for _, one := range aborted {
		asked := func(service catalogue.Service) bool {
			return service.Workload() == one.Workload && one.Releases(service.Image)
		}
		if !slices.ContainsFunc(cfg.Services, asked) {
			continue
		}
		if _, err := s.plane.Kubectl(ctx, nil, "patch", "rollouts.argoproj.io", one.Workload,
			"--namespace", one.Namespace, "--subresource=status", "--type=merge",
			"--patch", `{"status":{"abort":false}}`); err != nil {
			return fmt.Errorf("retrying the release of %s: %w", one.Workload, err)
		}
	}
	return nil
}
