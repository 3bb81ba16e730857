package cluster

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// IdentityArgs names the one Kubernetes service account that an identity is for.
type IdentityArgs struct {
	Namespace      string
	ServiceAccount string
}

// Identity is a cloud identity that a service account's pods have without any static credential. It has no permissions
// until something is granted to it.
type Identity struct {
	// Annotations belong on the service account.
	Annotations pulumi.StringMap
	// PodLabels belong on every pod that uses the service account.
	PodLabels pulumi.StringMap
	// Principal is the identity's name in the cloud's access management.
	Principal pulumi.StringOutput
	// Ready lists what must exist before the first pod starts: a pod that starts earlier has no identity.
	Ready []pulumi.Resource
}

// IdentityBuilder registers an identity. The name is the prefix of the logical names of its resources.
type IdentityBuilder func(
	ctx *pulumi.Context, name string, args *IdentityArgs, opts ...pulumi.ResourceOption,
) (*Identity, error)

// NoIdentity is the IdentityBuilder of a cluster whose cloud is unknown: it leaves service accounts as they are.
func NoIdentity(*pulumi.Context, string, *IdentityArgs, ...pulumi.ResourceOption) (*Identity, error) {
	return &Identity{}, nil
}
