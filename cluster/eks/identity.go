package eks

import (
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
)

// managedPolicies is the ARN prefix of the policies that AWS manages.
const managedPolicies = "arn:aws:iam::aws:policy/"

// roleName is the naming rule for a role (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
var roleName = naming.Rule{Length: 64, Separator: "-", HashLength: 6}

// role describes an IAM role with its permissions.
type role struct {
	// name is the suffix of the role's logical and physical names.
	name string
	// trust is the role's trust policy.
	trust pulumi.String
	// managed are AWS managed policies, without managedPolicies. own is an inline policy; nil for none.
	managed []string
	own     pulumi.StringInput
}

// newRole returns the role, and the resources that its permissions depend on.
func (b *builder) newRole(wanted role) (*iam.Role, []pulumi.Resource, error) {
	logical := b.name + "-" + wanted.name
	created, err := iam.NewRole(b.ctx, logical+"-role", &iam.RoleArgs{
		Name: pulumi.String(roleName.WithHash(b.spec.Name+"-"+wanted.name, map[string]string{
			"cluster": b.spec.Identity(),
		})),
		AssumeRolePolicy: wanted.trust,
	}, b.child()...)
	if err != nil {
		return nil, nil, fmt.Errorf("creating role %s: %w", wanted.name, err)
	}
	granted, err := b.grant(logical, created, wanted)
	if err != nil {
		return nil, nil, fmt.Errorf("granting role %s its rights: %w", wanted.name, err)
	}
	return created, granted, nil
}

func (b *builder) grant(logical string, created *iam.Role, wanted role) ([]pulumi.Resource, error) {
	var granted []pulumi.Resource
	for i, managed := range wanted.managed {
		attachment, err := iam.NewRolePolicyAttachment(b.ctx, fmt.Sprintf("%s-policy-%d", logical, i),
			&iam.RolePolicyAttachmentArgs{Role: created.Name, PolicyArn: pulumi.String(managedPolicies + managed)}, b.child()...)
		if err != nil {
			return nil, err
		}
		granted = append(granted, attachment)
	}
	if wanted.own == nil {
		return granted, nil
	}
	inline, err := iam.NewRolePolicy(b.ctx, logical+"-policy", &iam.RolePolicyArgs{
		Name: pulumi.String(wanted.name), Role: created.Name, Policy: wanted.own,
	}, b.child()...)
	return append(granted, inline), err
}

// podTrust lets only the pods of one service account in this cluster assume a role: EKS adds session tags that identify
// them (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html).
func (b *builder) podTrust(namespace, account string) pulumi.String {
	return policyOf(statement{
		Principal: map[string]string{"Service": "pods.eks.amazonaws.com"},
		Action:    []string{"sts:AssumeRole", "sts:TagSession"},
		Condition: map[string]map[string]string{"StringEquals": {
			"aws:RequestTag/eks-cluster-arn": fmt.Sprintf("arn:aws:eks:%s:%s:cluster/%s",
				b.spec.Region, b.spec.Account, b.spec.Identity()),
			"aws:RequestTag/kubernetes-namespace":       namespace,
			"aws:RequestTag/kubernetes-service-account": account,
		}},
	})
}

// newIdentity returns a builder that binds a role without permissions to one Kubernetes service account.
func (b *builder) newIdentity(plane *awseks.Cluster) cluster.IdentityBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.IdentityArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Identity, error) {
		opts = b.child(opts...)
		role, err := iam.NewRole(ctx, name+"-role", &iam.RoleArgs{
			Name: pulumi.String(roleName.WithHash(b.spec.Name+"-"+args.ServiceAccount, map[string]string{
				"cluster": b.spec.Identity(), "namespace": args.Namespace,
			})),
			AssumeRolePolicy: b.podTrust(args.Namespace, args.ServiceAccount),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the role: %w", err)
		}
		association, err := awseks.NewPodIdentityAssociation(ctx, name+"-association", &awseks.PodIdentityAssociationArgs{
			ClusterName:    plane.Name,
			Namespace:      pulumi.String(args.Namespace),
			ServiceAccount: pulumi.String(args.ServiceAccount),
			RoleArn:        role.Arn,
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("binding the role: %w", err)
		}
		return &cluster.Identity{Principal: role.Arn, Ready: []pulumi.Resource{association}}, nil
	}
}
