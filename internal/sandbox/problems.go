package sandbox

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
)

// failedJobs returns, for each failed Job, the reason and the last events of the Job and its pods.
func (s *Sandbox) failedJobs(ctx context.Context) ([]string, error) {
	listed, err := s.plane.Kubectl(ctx, nil, "get", "jobs,pods,events", "--all-namespaces", "--output", "json")
	if err != nil {
		return nil, fmt.Errorf("listing the Jobs: %w", err)
	}
	return live.FailedJobs(listed)
}

// secretProblems describes each Secret that could not be written. The API server may run although another component
// does not.
func (s *Sandbox) secretProblems(ctx context.Context, status Status) ([]string, error) {
	if status.Running() {
		return status.SecretProblems(), nil
	}
	seen, err := s.look(ctx, status.Components)
	if err != nil {
		return nil, err
	}
	return seen.SecretProblems(), nil
}

// ingressProblems describes each Ingress without an address.
func (s *Sandbox) ingressProblems(ctx context.Context, cfg *config.Config) ([]string, error) {
	if !cfg.Ingress.Enabled() {
		return nil, nil
	}
	listed, err := s.plane.Kubectl(ctx, nil, "get", "ingresses,ingressclasses",
		"--namespace", cfg.Environment.Namespace(), "--output", "json")
	if err != nil {
		return nil, fmt.Errorf("listing the Ingresses: %w", err)
	}
	return live.IngressProblems(listed)
}
