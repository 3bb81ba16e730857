package sandbox

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// dead returns, for each component that died, the end of its log.
func dead(components []controlplane.ComponentStatus) []string {
	var all []string
	for _, one := range components {
		if one.State == controlplane.Died {
			all = append(all, fmt.Sprintf("%s died; the end of %s:\n%s", one.Name, one.Log, one.LastWords()))
		}
	}
	return all
}

// failedJobs returns, for each failed Job, the reason and the last events of the Job and its pods.
func (s *Sandbox) failedJobs(ctx context.Context) ([]string, error) {
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	return live.FailedJobs(ctx, reader)
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
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, namespace := range cfg.IngressNamespaces() {
		problems, err := live.IngressProblems(ctx, reader, namespace)
		if err != nil {
			return nil, err
		}
		all = append(all, problems...)
	}
	return all, nil
}
