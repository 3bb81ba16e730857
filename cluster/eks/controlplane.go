package eks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// logDays is the retention of the control plane's logs.
const logDays = 90

// controlPlaneLogs are all log types of EKS (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html).
var controlPlaneLogs = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

// newControlPlane depends on the addresses of the ingress, so that they are deleted after the cluster: AWS does not
// release an address while a load balancer's network interface holds it, and the interface outlives the load balancer
// by some minutes (https://github.com/hashicorp/terraform-provider-aws/issues/33645).
func (b *builder) newControlPlane(
	net *network, keys *keys, addresses []pulumi.Resource,
) (*awseks.Cluster, error) {
	service, granted, err := b.newRole(role{
		name:    "control-plane",
		trust:   assumedBy("eks.amazonaws.com"),
		managed: []string{"AmazonEKSClusterPolicy"},
		own:     keyUsePolicy(keys.secrets),
	})
	if err != nil {
		return nil, err
	}
	// EKS would create the group itself, and keep the logs forever. It still does so if it writes the last of them after
	// the group is deleted (docs/clouds/eks.md, "Good to know").
	logs, err := cloudwatch.NewLogGroup(b.ctx, b.name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/aws/eks/" + b.spec.Identity() + "/cluster"),
		RetentionInDays: pulumi.Int(logDays),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("creating the log group: %w", err)
	}
	after := slices.Concat(granted, net.routes, addresses, []pulumi.Resource{logs})
	plane, err := awseks.NewCluster(b.ctx, b.name+"-cluster", b.clusterArgs(net, keys, service),
		b.kept(pulumi.DependsOn(after))...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster: %w", err)
	}
	return plane, nil
}

func (b *builder) clusterArgs(net *network, keys *keys, service *iam.Role) *awseks.ClusterArgs {
	return &awseks.ClusterArgs{
		Name:    pulumi.String(b.spec.Identity()),
		Version: pulumi.String(b.spec.KubernetesVersion),
		RoleArn: service.Arn,
		VpcConfig: &awseks.ClusterVpcConfigArgs{
			SubnetIds:             net.private,
			EndpointPrivateAccess: pulumi.Bool(true),
			EndpointPublicAccess:  pulumi.Bool(!b.spec.API.Private()),
			PublicAccessCidrs:     pulumi.ToStringArray(b.spec.API.AuthorizedRanges),
		},
		KubernetesNetworkConfig: &awseks.ClusterKubernetesNetworkConfigArgs{
			IpFamily:        pulumi.String("ipv4"),
			ServiceIpv4Cidr: pulumi.String(b.spec.Network.Services),
		},
		// Only access entries grant access: no ConfigMap, and no implicit right for the identity that created the cluster.
		AccessConfig: &awseks.ClusterAccessConfigArgs{
			AuthenticationMode:                      pulumi.String("API"),
			BootstrapClusterCreatorAdminPermissions: pulumi.Bool(false),
		},
		// The add-ons are ours to order and to upgrade.
		BootstrapSelfManagedAddons: pulumi.Bool(false),
		EnabledClusterLogTypes:     pulumi.ToStringArray(controlPlaneLogs),
		EncryptionConfig: &awseks.ClusterEncryptionConfigArgs{
			Provider:  &awseks.ClusterEncryptionConfigProviderArgs{KeyArn: keys.secrets.Arn},
			Resources: pulumi.ToStringArray([]string{"secrets"}),
		},
		UpgradePolicy: &awseks.ClusterUpgradePolicyArgs{SupportType: pulumi.String("STANDARD")},
	}
}

// tokenAudience is the audience of the service account tokens.
const tokenAudience = "sts.amazonaws.com" //nolint:gosec // a name, and nothing secret

// newIssuer makes the account trust the tokens that the cluster issues. Pod identity does not need that; tools that
// only support IAM roles for service accounts do.
func (b *builder) newIssuer(plane *awseks.Cluster) (*iam.OpenIdConnectProvider, error) {
	issuer := plane.Identities.Index(pulumi.Int(0)).Oidcs().Index(pulumi.Int(0)).Issuer().Elem()
	trusted, err := iam.NewOpenIdConnectProvider(b.ctx, b.name+"-issuer", &iam.OpenIdConnectProviderArgs{
		Url:           issuer,
		ClientIdLists: pulumi.ToStringArray([]string{tokenAudience}),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("trusting the cluster's issuer: %w", err)
	}
	return trusted, nil
}

// roleOfARN identifies a role by account and name, so that removing one administrator leaves the others unchanged.
func roleOfARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return parts[4] + "-" + strings.TrimPrefix(parts[5], "role/")
}

// newAdministrators grants the administrators access, and returns the resources that the access depends on.
func (b *builder) newAdministrators(plane *awseks.Cluster) ([]pulumi.Resource, error) {
	var granted []pulumi.Resource
	for _, administrator := range slices.Compact(slices.Sorted(slices.Values(b.spec.API.Administrators))) {
		logical := b.name + "-administrator-" + roleOfARN(administrator)
		entry, err := awseks.NewAccessEntry(b.ctx, logical, &awseks.AccessEntryArgs{
			ClusterName: plane.Name, PrincipalArn: pulumi.String(administrator),
		}, b.child()...)
		if err != nil {
			return nil, fmt.Errorf("letting %s in: %w", administrator, err)
		}
		grant, err := awseks.NewAccessPolicyAssociation(b.ctx, logical+"-policy", &awseks.AccessPolicyAssociationArgs{
			ClusterName:  plane.Name,
			PrincipalArn: entry.PrincipalArn,
			PolicyArn:    pulumi.String("arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"),
			AccessScope:  &awseks.AccessPolicyAssociationAccessScopeArgs{Type: pulumi.String("cluster")},
		}, b.child()...)
		if err != nil {
			return nil, fmt.Errorf("granting %s the administration of the cluster: %w", administrator, err)
		}
		granted = append(granted, grant)
	}
	return granted, nil
}

// previewGroup is the group of the preview identity. The user name that an access entry gives to a role changes with
// each session (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
const previewGroup = "dreamseed-preview"

// newPreviewer lets the preview identity in, without a policy of the cloud: the cluster's own RBAC says what it may do.
func (b *builder) newPreviewer(plane *awseks.Cluster) (*cluster.Subject, error) {
	role := b.spec.API.PreviewIdentity
	if role == "" {
		return nil, nil
	}
	_, err := awseks.NewAccessEntry(b.ctx, b.name+"-previewer", &awseks.AccessEntryArgs{
		ClusterName: plane.Name, PrincipalArn: pulumi.String(role),
		KubernetesGroups: pulumi.ToStringArray([]string{previewGroup}),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("letting %s in: %w", role, err)
	}
	return &cluster.Subject{Kind: cluster.Group, Name: previewGroup}, nil
}
