// Package collector runs the OpenTelemetry Collector (https://opentelemetry.io/docs/collector) on every node. It reads
// what the services there log, and sends it to the store.
package collector

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
)

// Image is the collector with the components of its community. The version is exact, without a digest: the tests run
// the modules of this version, and its image cannot be looked up where they run.
const Image = "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib:0.165.0"

// Name is the name of the collector's objects, and the label app.kubernetes.io/name of its pods.
const Name = "log-collector"

// Collector is the running collector, a pod on every node.
type Collector struct {
	pulumi.ResourceState

	// Objects are the DaemonSet. Once it is ready, the lines of every node are read.
	Objects []pulumi.Resource
}

// Args describes the collector of an environment.
type Args struct {
	// Namespace is the namespace of its pods. It has to admit pods that see their node. A change moves the pods.
	Namespace string
	// Pipeline says what is read, and where it goes. A change rolls the pods, a quarter of the nodes at a time; each goes
	// on where its predecessor stopped.
	Pipeline pipeline.Args
	// Credential is what the store knows the collector by. Default none.
	Credential *Credential
	// After lists the resources that must exist before the first pod: the namespace with its policies, the priority
	// classes, and the store.
	After []pulumi.Resource
}

// Credential is a Secret in the collector's namespace.
type Credential struct {
	// Secret is the name of the Secret.
	Secret string
	// PasswordKey and AuthorityKey are the keys of the password, and of the certificate of the authority that signs the
	// store's.
	PasswordKey, AuthorityKey string
}

// Where the collector finds the parts of its credential.
const (
	// PasswordVariable is the environment variable with the password.
	PasswordVariable = "STORE_PASSWORD"
	// AuthorityFile is the file with the certificate.
	AuthorityFile = authorityPath + "/ca.crt"
)

// New registers the collector.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Collector, error) {
	collector := &Collector{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:LogCollector", name, collector, opts...); err != nil {
		return nil, fmt.Errorf("registering the log collector: %w", err)
	}
	if err := collector.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building the log collector: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(collector, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the log collector: %w", err)
	}
	return collector, nil
}

func (c *Collector) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(c), pulumi.DependsOn(args.After)}
	account, err := corev1.NewServiceAccount(ctx, name+"-account", &corev1.ServiceAccountArgs{
		Metadata:                     args.metadata(),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, child...)
	if err != nil {
		return fmt.Errorf("creating the service account: %w", err)
	}
	granted, err := newRights(ctx, name, args, child...)
	if err != nil {
		return err
	}
	config, err := newConfigMap(ctx, name, args, child...)
	if err != nil {
		return err
	}
	// Without its rights, the first pod would send lines that nobody can find by their service.
	first := pulumi.DependsOn(slices.Concat(args.After, granted))
	daemons, err := newDaemonSet(ctx, name+"-daemonset", args, account, config, append(child, first)...)
	if err != nil {
		return fmt.Errorf("creating the daemon set: %w", err)
	}
	c.Objects = []pulumi.Resource{daemons}
	return nil
}

// configName is the file of the ConfigMap.
const configName = "config.yaml"

// newConfigMap registers the collector's file. Another one rolls the pods, so that one which does not start stops a
// quarter of them at most.
func newConfigMap(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	text, err := pipeline.Collector(args.Pipeline)
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}
	config, err := kube.NewImmutableConfigMap(ctx, name+"-config", &kube.ImmutableConfigMapArgs{
		Namespace: args.Namespace, Base: Name + "-config", Labels: labels(),
		Data: map[string]string{configName: text},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the config map: %w", err)
	}
	return config, nil
}

// labels returns the labels of everything of the collector, selector those that select its pods.
func labels() pulumi.StringMap {
	return kube.With(kube.WorkloadLabels(Name), selector())
}

func selector() pulumi.StringMap {
	return pulumi.StringMap{
		kube.NameLabel: pulumi.String(Name), kube.ComponentLabel: pulumi.String("node-agent"),
	}
}
