package cluster

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// IdentityArgs names the Kubernetes service account that an identity is for, and for which alone.
type IdentityArgs struct {
	Namespace      string
	ServiceAccount string
}

// Identity is an identity in the cloud that a service account's pods have without any static credential. It may do
// nothing until something is granted to it.
type Identity struct {
	// Annotations belong on the service account.
	Annotations pulumi.StringMap
	// PodLabels belong on every pod that uses the service account.
	PodLabels pulumi.StringMap
	// Principal is whom the cloud's access management knows it as.
	Principal pulumi.StringOutput
	// Ready is what must exist before the first pod starts: a pod that starts earlier has no identity.
	Ready []pulumi.Resource
}

// IdentityBuilder registers an identity. The name is the prefix of its logical names.
type IdentityBuilder func(
	ctx *pulumi.Context, name string, args *IdentityArgs, opts ...pulumi.ResourceOption,
) (*Identity, error)

// NoIdentity is the IdentityBuilder of a cluster whose cloud is not known: service accounts stay what they are.
func NoIdentity(*pulumi.Context, string, *IdentityArgs, ...pulumi.ResourceOption) (*Identity, error) {
	return &Identity{}, nil
}
