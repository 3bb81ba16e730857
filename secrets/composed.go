package secrets

import (
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// ComposedArgs describes a Secret that External Secrets composes from others of the same namespace, such as the file of
// users that a store reads.
type ComposedArgs struct {
	// Namespace and Name are those of the Secret.
	Namespace, Name string
	// Workload names the workload that reads it.
	Workload string
	// From are the entries that it is composed from, by the name that the templates know each by: {{ .name }}.
	From map[string]Mounted
	// Data are the entries by key, as templates of External Secrets
	// (https://external-secrets.io/v0.20.4/guides/templating).
	Data pulumi.StringMap
	// DeadlineSeconds is how long External Secrets may take to write the Secret.
	DeadlineSeconds int
	// After lists what writes the Secrets that it is composed from.
	After []pulumi.Resource
}

// composedAgain is the interval at which a composed Secret follows those that it is composed from, as Go writes it.
const composedAgain = "1m0s"

// NewComposed registers the account that may read these Secrets and no others, its store, and the ExternalSecret that
// writes the composed one, which it returns. The Secret goes with it. No pod runs as that account.
func NewComposed(
	ctx *pulumi.Context, name string, args *ComposedArgs, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	labels := kube.WorkloadLabels(args.Workload)
	metadata := kube.Metadata(args.Namespace, args.Name, labels)
	awaited := kube.WaitForCondition("Ready")
	deadline := kube.Deadline(args.DeadlineSeconds)
	account, err := corev1.NewServiceAccount(ctx, name+"-account", &corev1.ServiceAccountArgs{
		Metadata: metadata, AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the account that reads for %s: %w", args.Name, err)
	}
	reads := externalsecret.OwnCluster{
		Namespace: args.Namespace, Names: args.read(), Account: args.Name, AccountNamespace: args.Namespace,
	}
	binding, err := reads.Grant(ctx, name, metadata, opts...)
	if err != nil {
		return nil, fmt.Errorf("granting what %s is composed from: %w", args.Name, err)
	}
	store, err := kube.NewCustomResource(ctx, name+"-store", externalsecret.StoreKind,
		kube.Annotate(kube.Metadata(args.Namespace, args.Name, labels), awaited), pulumi.Map{"provider": reads.Provider()},
		append(opts, deadline, pulumi.DependsOn([]pulumi.Resource{account, binding}))...)
	if err != nil {
		return nil, fmt.Errorf("creating the store of %s: %w", args.Name, err)
	}
	secret, err := kube.NewCustomResource(ctx, name+"-secret", externalsecret.Kind,
		kube.Annotate(kube.Metadata(args.Namespace, args.Name, labels), awaited), args.spec(labels),
		append(opts, deadline, pulumi.DependsOn(append([]pulumi.Resource{store}, args.After...)))...)
	if err != nil {
		return nil, fmt.Errorf("creating external secret %s: %w", args.Name, err)
	}
	return secret, nil
}

// read returns the names of the Secrets that are read, each once.
func (a *ComposedArgs) read() []string {
	var names []string
	for _, entry := range a.entries() {
		names = append(names, a.From[entry].Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (a *ComposedArgs) entries() []string { return slices.Sorted(maps.Keys(a.From)) }

func (a *ComposedArgs) spec(labels pulumi.StringMap) pulumi.Map {
	var values []pulumi.Input
	for _, entry := range a.entries() {
		from := a.From[entry]
		values = append(values, externalsecret.Value(entry, from.Name, from.Key))
	}
	template := externalsecret.Template(externalsecret.Written(labels))
	template["data"] = a.Data
	spec := externalsecret.FromStore(a.Name, composedAgain, values...)
	spec["target"] = externalsecret.Target(a.Name, template, pulumi.Map{"creationPolicy": pulumi.String("Owner")})
	return spec
}
