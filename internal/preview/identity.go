// Package preview gives the identity that previews run as what an exact preview needs, and no more: it reads what the
// program reads, no Secret among it, and may ask the API server for dry runs. An admission policy refuses whatever it
// would really change.
package preview

import (
	"fmt"

	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
)

// Identity is the preview identity with its rights and its limits.
type Identity struct {
	pulumi.ResourceState

	args *Args
}

// Args describes the identity.
type Args struct {
	// Subject is whom the API server takes the identity for. Another one gets its rights and limits under names of its
	// own, before the former one loses first its rights and then its limits.
	Subject cluster.Subject
}

// NewIdentity registers the rights and the limits of the preview identity.
func NewIdentity(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Identity, error) {
	identity := &Identity{args: args}
	if err := ctx.RegisterComponentResource("dreamseed:preview:Identity", name, identity, opts...); err != nil {
		return nil, fmt.Errorf("registering the preview identity: %w", err)
	}
	limits, err := identity.newLimits(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := identity.newRights(ctx, name, limits); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"subject": pulumi.String(args.Subject.Name)}
	if err := ctx.RegisterResourceOutputs(identity, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of the preview identity: %w", err)
	}
	return identity, nil
}

// newRights binds the rights once the limits are there: with the rights alone, the identity could change everything.
// Pulumi deletes in the opposite order.
func (i *Identity) newRights(ctx *pulumi.Context, name string, limits pulumi.Resource) error {
	role, err := rbacv1.NewClusterRole(ctx, name+"-role", &rbacv1.ClusterRoleArgs{
		Metadata: kube.Metadata("", roleName, kube.Labels()),
		Rules:    rules(),
	}, pulumi.Parent(i))
	if err != nil {
		return fmt.Errorf("creating the rights of the preview identity: %w", err)
	}
	_, err = rbacv1.NewClusterRoleBinding(ctx, name+"-binding", &rbacv1.ClusterRoleBindingArgs{
		Metadata: kube.Metadata("", i.physical(), kube.Labels()),
		RoleRef: &rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String(rbacGroup),
			Kind:     pulumi.String("ClusterRole"),
			Name:     pulumi.String(roleName),
		},
		Subjects: rbacv1.SubjectArray{&rbacv1.SubjectArgs{
			ApiGroup: pulumi.String(rbacGroup),
			Kind:     pulumi.String(string(i.args.Subject.Kind)),
			Name:     pulumi.String(i.args.Subject.Name),
		}},
	}, pulumi.Parent(i), pulumi.DependsOn([]pulumi.Resource{limits, role}))
	if err != nil {
		return fmt.Errorf("binding the rights of the preview identity: %w", err)
	}
	return nil
}

// roleName is the name of the role, and the beginning of the other names.
const roleName = "dreamseed-preview"

// physical returns a name that changes with the subject. The former subject is then never without limits while it has
// rights: its objects are replaced, not changed.
func (i *Identity) physical() string {
	return naming.WithHash(roleName, map[string]string{
		"kind": string(i.args.Subject.Kind), "name": i.args.Subject.Name,
	})
}
