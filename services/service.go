// Package services turns a service of the catalogue into the Kubernetes objects that run it.
package services

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/services/catalogue"
)

// Service is one running service: ServiceAccount, ConfigMap, Deployment and Service. Once its constructor returned
// and the engine went on, every pod of it is ready.
type Service struct {
	pulumi.ResourceState

	// Name is the service's name in the catalogue.
	Name string
	// Image is what it runs.
	Image string
	// URL is where other pods of the cluster reach it.
	URL string
}

// Args says what to run and where.
type Args struct {
	// Service is what the catalogue and the configuration say of it.
	Service catalogue.Service
	// Namespace is the namespace to run it in.
	Namespace string
	// Environment, RedisURL and KafkaBootstrapServers are handed to the service as environment variables.
	Environment           string
	RedisURL              string
	KafkaBootstrapServers string
	// RolloutDeadlineSeconds is how long a release may take before it fails.
	RolloutDeadlineSeconds int
	// Identity is what the service's pods are in the cloud. A change rolls the pods.
	Identity *cluster.Identity
	// After are the resources that must exist before the first pod does, such as the namespace and its policies.
	After []pulumi.Resource
}

// httpPort is the port of the Kubernetes Service; the pods listen on catalogue.Port.
const httpPort = 80

// NewService registers a service and everything that belongs to it.
func NewService(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Service, error) {
	workload := args.Service.Workload()
	service := &Service{
		Name:  args.Service.Name,
		Image: args.Service.Image,
		URL:   fmt.Sprintf("http://%s.%s.svc.cluster.local", workload, args.Namespace),
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
	if err := newDeployment(ctx, name+"-deployment", args, account, config, child...); err != nil {
		return fmt.Errorf("creating the deployment: %w", err)
	}
	if err := newClusterService(ctx, name+"-service", args, child...); err != nil {
		return fmt.Errorf("creating the service: %w", err)
	}
	return nil
}

func newServiceAccount(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ServiceAccount, error) {
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata:                     annotated(metadata(args, args.Service.Workload()), args.Identity.Annotations),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}

// annotated leaves the field out where there is nothing to annotate.
func annotated(metadata *metav1.ObjectMetaArgs, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	if len(annotations) > 0 {
		metadata.Annotations = annotations
	}
	return metadata
}

func newClusterService(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) error {
	_, err := corev1.NewService(ctx, name, &corev1.ServiceArgs{
		Metadata: metadata(args, args.Service.Workload()),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: selector(args.Service.Workload()),
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name:       pulumi.String("http"),
				Port:       pulumi.Int(httpPort),
				TargetPort: pulumi.String("http"),
				Protocol:   pulumi.String("TCP"),
			}},
		},
	}, opts...)
	return err
}

func metadata(args *Args, name string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name:      pulumi.String(name),
		Namespace: pulumi.String(args.Namespace),
		Labels:    labels(args.Service.Workload()),
	}
}
