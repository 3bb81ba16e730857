package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ProviderArgs binds a Kubernetes provider to one cluster.
type ProviderArgs struct {
	// Identity is the cluster's identity, known before the cluster exists. Changing it replaces every object.
	Identity string
	// Kubeconfig is a path, or the content, which is kept as a secret.
	Kubeconfig pulumi.StringInput
	// Context is the kubeconfig context to use, regardless of its current-context.
	Context string
}

// helmDriver makes Helm keep its record of a release in a ConfigMap, and not in a Secret: the identity of previews may
// read no Secret, and a refreshing preview reads the record. No chart of the platform makes a secret value
// (https://helm.sh/docs/topics/advanced/#storage-backends). Changing it on a running environment hides the releases
// from Helm.
const helmDriver = "configmap"

// NewProvider registers the provider that all access to a cluster goes through. Without a pinned identity, a renewed
// certificate authority would look like another cluster and replace every object, namespaces included.
//
// A ConfigMap that is not immutable is updated in place. By default the provider deletes it and creates it anew, and in
// between no pod that mounts it can start
// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/diff.go).
func NewProvider(
	ctx *pulumi.Context, name string, args *ProviderArgs, opts ...pulumi.ResourceOption,
) (*kubernetes.Provider, error) {
	provider, err := kubernetes.NewProvider(ctx, name, &kubernetes.ProviderArgs{
		Kubeconfig:             args.Kubeconfig,
		Context:                pulumi.String(args.Context),
		ClusterIdentifier:      pulumi.String(args.Identity),
		EnableConfigMapMutable: pulumi.Bool(true),
		HelmReleaseSettings:    &kubernetes.HelmReleaseSettingsArgs{Driver: pulumi.String(helmDriver)},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the Kubernetes provider: %w", err)
	}
	return provider, nil
}
