// Package services turns a service of the catalogue into the Kubernetes objects that run it.
package services

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/availability"
	"github.com/dreamseed/platform/services/catalogue"
)

// Service is one running service: the migration of its database, the release, scaling, spread and availability of its
// pods, and the address under which others reach them. Once its constructor has returned and the engine has moved on,
// every pod of it is ready.
type Service struct {
	pulumi.ResourceState

	// Name is the service's name in the catalogue.
	Name string
	// Image is the image that the service runs.
	Image string
	// URL is the address under which other pods of the cluster reach the service.
	URL string
	// Migrated lists the images whose migrations the database has seen, the newest first. It is known once the newest
	// migration is complete. Nil for a service without a database.
	Migrated pulumi.StringArrayOutput
	// Objects are the resources that routes to the service wait for.
	Objects []pulumi.Resource
}

// Args describes the service and its environment.
type Args struct {
	// Service is the service as the catalogue and the configuration describe it.
	Service catalogue.Service
	// Namespace is the namespace of the service.
	Namespace string
	// Registry is prefixed to an image that names no registry. Empty leaves the image as it is.
	Registry string
	// Environment has the value of each of the service's environment variables, by name. A change rolls the pods.
	Environment map[string]string
	// RolloutDeadlineSeconds is how long a release may take before it fails.
	RolloutDeadlineSeconds int
	// Place describes where pods can run, Spot how spot nodes are marked.
	Place availability.Place
	Spot  cluster.Spot
	// Identity is the cloud identity of the service's pods. A change rolls the pods.
	Identity *cluster.Identity
	// Files has the content of the files beside those of the secrets that are none, by name. A change rolls the pods.
	Files map[string]string
	// Secrets are the service's Secrets. A change of their names or keys rolls the pods, a change of a value does not.
	Secrets *secrets.Secrets
	// PrometheusURL is the Prometheus that judges canaries and counts requests. Empty if there is none.
	PrometheusURL string
	// Live holds the current Services of the namespace by name. Nil if the cluster cannot be read.
	Live map[string]Live
	// Migrated lists the images whose migrations earlier runs completed, the newest first.
	Migrated []string
	// After lists the resources that must exist before the first pod, such as the namespace and its policies.
	After []pulumi.Resource
}

// plan returns the figures that follow from the service's availability statement.
func (a *Args) plan() availability.Plan { return a.Service.Statement().Plan(a.Place) }

// NewService registers a service and everything that belongs to it.
func NewService(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Service, error) {
	resolved := *args
	resolved.Service.Image = catalogue.PulledFrom(args.Registry, args.Service.Image)
	args = &resolved
	service := &Service{
		Name:  args.Service.Name,
		Image: args.Service.Image,
		URL:   fmt.Sprintf("http://%s.%s.svc.cluster.local:%d", args.Service.Workload(), args.Namespace, catalogue.Port),
	}
	if err := ctx.RegisterComponentResource("dreamseed:services:Service", name, service, opts...); err != nil {
		return nil, fmt.Errorf("registering service %s: %w", name, err)
	}
	if err := service.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building service %s: %w", name, err)
	}
	outputs := pulumi.Map{"image": pulumi.String(service.Image), "url": pulumi.String(service.URL)}
	if err := ctx.RegisterResourceOutputs(service, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of service %s: %w", name, err)
	}
	return service, nil
}

func (s *Service) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(s), pulumi.DependsOn(args.After)}
	account, err := newServiceAccount(ctx, name+"-account", args, child...)
	if err != nil {
		return fmt.Errorf("creating the service account: %w", err)
	}
	config, err := newConfigMap(ctx, name+"-config", args, child...)
	if err != nil {
		return fmt.Errorf("creating the config map: %w", err)
	}
	migrated, err := s.migrate(ctx, name, args, child...)
	if err != nil {
		return fmt.Errorf("creating the migration: %w", err)
	}
	if err := newDisruptionBudget(ctx, name+"-disruption-budget", args, child...); err != nil {
		return fmt.Errorf("creating the disruption budget: %w", err)
	}
	released, err := release(ctx, name, args, newPodTemplate(args, account, config), migrated, child...)
	if err != nil {
		return err
	}
	if err := newAutoscaler(ctx, name+"-autoscaler", args, released.workload, child...); err != nil {
		return fmt.Errorf("creating the autoscaler: %w", err)
	}
	s.Objects = released.objects
	return nil
}

func newServiceAccount(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ServiceAccount, error) {
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata:                     kube.Annotate(metadata(args, args.Service.Workload()), args.Identity.Annotations),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}
