package sandbox

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// facts holds the state of everything that the services depend on, as the API server reports it.
type facts struct {
	// sources are the objects that Secrets are written from, and the stores of the secret manager.
	sources []secretSource
	// secrets is the set of existing Secrets, by namespace and name, regardless of their owner.
	secrets map[string]bool
	jobs    []jobItem
}

// listOf is a list of objects of one kind. Its items have no kind field.
type listOf[T any] struct {
	Items []T `json:"items"`
}

func list[T any](ctx context.Context, reader *controlplane.Reader, path string) ([]T, error) {
	var found listOf[T]
	err := reader.Read(ctx, path, &found)
	return found.Items, err
}

// ours selects the platform's objects.
var ours = "?labelSelector=" + url.QueryEscape(kube.PartOfLabel+"="+kube.PartOf)

// look reads the facts from the API server.
func (s *Sandbox) look(ctx context.Context, components []controlplane.ComponentStatus) (*facts, error) {
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	seen := &facts{secrets: map[string]bool{}}
	for _, kind := range sourceKinds {
		if !runs(components, kind.operator) {
			continue // and the API server does not serve the kind
		}
		found, err := list[secretSource](ctx, reader, kind.path+ours)
		if err != nil {
			return nil, fmt.Errorf("listing each %s: %w", kind.name, err)
		}
		for _, one := range found {
			one.kind = kind
			seen.sources = append(seen.sources, one)
		}
	}
	var secrets listOf[struct{ Metadata metadata }]
	if err := reader.ReadMetadata(ctx, "/api/v1/secrets", &secrets); err != nil {
		return nil, fmt.Errorf("listing the names of the Secrets: %w", err)
	}
	for _, secret := range secrets.Items {
		seen.secrets[secret.Metadata.id()] = true
	}
	if seen.jobs, err = list[jobItem](ctx, reader, "/apis/batch/v1/jobs"+ours); err != nil {
		return nil, fmt.Errorf("listing the Jobs: %w", err)
	}
	return seen, s.hear(ctx, reader, seen)
}

func runs(components []controlplane.ComponentStatus, name operator.Name) bool {
	return slices.ContainsFunc(components, func(c controlplane.ComponentStatus) bool { return c.Name == string(name) })
}

// hear adds the operators' warnings about the sources that failed, if any: an event has more detail than a condition.
func (s *Sandbox) hear(ctx context.Context, reader *controlplane.Reader, seen *facts) error {
	if !slices.ContainsFunc(seen.sources, secretSource.failed) {
		return nil
	}
	warnings, err := list[warning](ctx, reader, "/api/v1/events?fieldSelector=type%3DWarning")
	if err != nil {
		return fmt.Errorf("listing the warnings of operators: %w", err)
	}
	for i := range seen.sources {
		seen.sources[i].said = lastAbout(&seen.sources[i], warnings)
	}
	return nil
}

// shortfalls returns what is wrong among the facts.
func (f *facts) shortfalls() []Shortfall {
	var all []Shortfall
	for _, source := range f.sources {
		all = append(all, source.shortfalls(f.secrets)...)
	}
	for _, job := range f.jobs {
		all = append(all, job.shortfalls()...)
	}
	return all
}
