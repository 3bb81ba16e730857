// Package live reads from the API server of an environment how its services and its data stores are doing: whether
// they are rolled out, and the problems of their secrets, their migrations and their routes.
package live

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// Reader reads from an API server.
type Reader interface {
	// Read reads an object or a list into answer. The path may have a query.
	Read(ctx context.Context, path string, answer any) error
	// ReadMetadata reads the metadata of a list without the content, so that the values of Secrets are not read.
	ReadMetadata(ctx context.Context, path string, answer any) error
}

// Environment is the live state of an environment's services and of everything that they depend on.
type Environment struct {
	// Services are the services that exist.
	Services []Service
	// Stores are the data stores that run in the cluster, in the order of dreamseed:data.
	Stores []Store
	// Problems are those of the secrets, the migrations, and what the data stores hold.
	Problems []Problem

	// sources are the objects that Secrets are written from, and the stores of the secret manager.
	sources []secretSource
	// secrets are the existing Secrets, by namespace and name, regardless of their owner.
	secrets existing
}

// RolledOut reports whether there are services, all of them run their newest release on every pod, and every data store
// is up.
func (e *Environment) RolledOut() bool {
	return len(e.Services) > 0 &&
		!slices.ContainsFunc(e.Services, func(service Service) bool { return !service.RolledOut }) &&
		!slices.ContainsFunc(e.Stores, func(store Store) bool { return !store.Up })
}

// Look reads the state. The kinds of an operator are read only if the API server serves them.
func Look(ctx context.Context, reader Reader, serves func(operator.Name) bool) (*Environment, error) {
	seen := &Environment{secrets: existing{}}
	items, err := listWorkloads(ctx, reader, serves)
	if err != nil {
		return nil, err
	}
	seen.readWorkloads(items)
	if err := seen.readSources(ctx, reader, serves); err != nil {
		return nil, err
	}
	jobs, err := list[jobItem](ctx, reader, "/apis/batch/v1/jobs"+ofThePlatform)
	if err != nil {
		return nil, fmt.Errorf("listing the Jobs: %w", err)
	}
	for _, source := range seen.sources {
		seen.Problems = append(seen.Problems, source.problems(seen.secrets)...)
	}
	for _, job := range withoutSuperseded(jobs) {
		seen.Problems = append(seen.Problems, job.problems()...)
	}
	return seen, seen.readStores(ctx, reader, serves)
}

// listOf is a list of objects of one kind. Its items have no kind field.
type listOf[T any] struct {
	Items []T `json:"items"`
}

func list[T any](ctx context.Context, reader Reader, path string) ([]T, error) {
	var found listOf[T]
	err := reader.Read(ctx, path, &found)
	return found.Items, err
}

// ofThePlatform selects the platform's objects.
var ofThePlatform = "?labelSelector=" + url.QueryEscape(kube.PartOfLabel+"="+kube.PartOf)

// workloadKind is a kind of workload, or a kind that sets a minimum for its pods. If the kind belongs to an operator,
// the API server serves it only while that operator runs.
type workloadKind struct {
	name, path string
	operator   operator.Name
}

const rolloutsPath = "/apis/argoproj.io/v1alpha1/rollouts"

var workloadKinds = []workloadKind{
	{"Deployment", "/apis/apps/v1/deployments", ""},
	{"Pod", "/api/v1/pods", ""},
	{"HorizontalPodAutoscaler", "/apis/autoscaling/v2/horizontalpodautoscalers", ""},
	{"PodDisruptionBudget", "/apis/policy/v1/poddisruptionbudgets", ""},
	{"Rollout", rolloutsPath, operator.ArgoRollouts},
}

// listWorkloads lists the objects of the services, and of the stores that are Deployments.
func listWorkloads(ctx context.Context, reader Reader, serves func(operator.Name) bool) ([]listed, error) {
	names := strings.Join(slices.Concat(workloads(), deployed), ",")
	selected := "?labelSelector=" + url.QueryEscape(kube.NameLabel+" in ("+names+")")
	var all []listed
	for _, kind := range workloadKinds {
		if kind.operator != "" && !serves(kind.operator) {
			continue
		}
		found, err := list[listed](ctx, reader, kind.path+selected)
		if err != nil {
			return nil, fmt.Errorf("listing each %s of the services: %w", kind.name, err)
		}
		for _, one := range found {
			one.Kind = kind.name
			all = append(all, one)
		}
	}
	return slices.DeleteFunc(all, listed.isForeign), nil
}

func workloads() []string {
	var names []string
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		names = append(names, service.Workload())
	}
	return names
}

// readSources reads the objects that Secrets are written from, and the names of the Secrets.
func (e *Environment) readSources(ctx context.Context, reader Reader, serves func(operator.Name) bool) error {
	for _, kind := range sourceKinds {
		if !serves(kind.operator) {
			continue
		}
		found, err := list[secretSource](ctx, reader, kind.path+ofThePlatform)
		if err != nil {
			return fmt.Errorf("listing each %s: %w", kind.name, err)
		}
		for _, one := range found {
			one.kind = kind
			e.sources = append(e.sources, one)
		}
	}
	var secrets listOf[struct{ Metadata metadata }]
	if err := reader.ReadMetadata(ctx, "/api/v1/secrets", &secrets); err != nil {
		return fmt.Errorf("listing the names of the Secrets: %w", err)
	}
	for _, secret := range secrets.Items {
		e.secrets[secret.Metadata.id()] = secret.Metadata
	}
	return e.readWarnings(ctx, reader)
}

// readWarnings adds the operators' warnings about the sources that failed, if any: an event has more detail than a
// condition.
func (e *Environment) readWarnings(ctx context.Context, reader Reader) error {
	if !slices.ContainsFunc(e.sources, secretSource.failed) {
		return nil
	}
	warnings, err := list[warning](ctx, reader, "/api/v1/events?fieldSelector=type%3DWarning")
	if err != nil {
		return fmt.Errorf("listing the warnings of operators: %w", err)
	}
	for i := range e.sources {
		e.sources[i].said = lastAbout(&e.sources[i], warnings)
	}
	return nil
}
