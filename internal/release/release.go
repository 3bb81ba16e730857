// Package release changes the image of a service in the file of a stack: to a new one, or back to one that it had
// before.
package release

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/stack"
	"github.com/dreamseed/platform/internal/stackfile"
	"github.com/dreamseed/platform/services/catalogue"
)

// RefusedError means that a release must not be made as it was asked for. Nothing was changed.
type RefusedError struct{ Err error }

func (e *RefusedError) Error() string { return e.Err.Error() }

// Unwrap returns the reasons.
func (e *RefusedError) Unwrap() error { return e.Err }

func refused(format string, args ...any) error { return &RefusedError{fmt.Errorf(format, args...)} }

// Target is a service of a stack, as the stack's file has it.
type Target struct {
	// Stack is the stack in its project.
	Stack stack.Stack
	// Service has the current image.
	Service catalogue.Service
	// DeadlineSeconds bounds the release, in seconds.
	DeadlineSeconds int

	file *stackfile.File
	// ownRegistry reports whether images without a host come from the registry of the cluster.
	ownRegistry bool
}

// Open reads a service from the file of a stack. The error is a stackfile.ContentError if the configuration is wrong,
// and a RefusedError if it has no such service.
func Open(project, name, service string) (*Target, error) {
	cfg, err := config.FromStackFile(project, name)
	if err != nil {
		return nil, &stackfile.ContentError{Err: err}
	}
	file, err := stackfile.Open(project, name)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(cfg.Services, func(one catalogue.Service) bool { return one.Name == service })
	if at < 0 {
		return nil, refused("the service is %q: it %s", service, invalid.OneOf(catalogue.Names()))
	}
	return &Target{
		Stack:           stack.Stack{Project: project, Name: name},
		Service:         cfg.Services[at],
		DeadlineSeconds: cfg.RolloutDeadlineSeconds,
		file:            file,
		ownRegistry:     cfg.Cluster.Cloud.Managed(),
	}, nil
}

// File returns the name of the stack's file.
func (t *Target) File() string { return t.file.Name() }

// Save writes an image into the stack's file.
func (t *Target) Save(image string) error {
	if err := t.file.Set(image, "services", t.Service.Name, "image"); err != nil {
		return err
	}
	return t.file.Save()
}

// PulledFrom returns an image with the registry that nodes pull it from. For one without a host that is the registry of
// the cluster, an output of the stack.
func (t *Target) PulledFrom(ctx context.Context, image string) (string, error) {
	if catalogue.NamesRegistry(image) || !t.ownRegistry {
		return image, nil
	}
	state, err := t.Stack.State(ctx)
	if err != nil {
		return "", fmt.Errorf("asking the stack for its registry: %w", err)
	}
	registry, known := stack.Outputs(state)["registry"].(string)
	if !known {
		return "", errors.New("asking the stack for its registry: it has no output registry: run pulumi up first")
	}
	return catalogue.PulledFrom(registry, image), nil
}
