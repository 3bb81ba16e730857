package eks

import (
	"encoding/json"
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// addon is a cluster component that EKS installs and maintains. Its version is the one that EKS recommends for the
// cluster's Kubernetes version, looked up in each run: it follows a Kubernetes upgrade, and gets fixes once they are
// recommended.
type addon struct {
	name string
	// settings are the add-on's configuration values. Nil for none.
	settings map[string]any
	// account is the service account in kube-system that the role is for. Empty where it needs no permissions in AWS.
	account string
	role    role
}

// basicAddons returns the add-ons that a node needs to become ready.
func basicAddons() []addon {
	return []addon{
		{name: "eks-pod-identity-agent"},
		{name: "kube-proxy"},
		{
			name: "vpc-cni",
			// The first setting makes NetworkPolicies effective; the second one assigns a node a /28 for every sixteen pods
			// (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html).
			settings: map[string]any{
				"enableNetworkPolicy": "true",
				"env":                 map[string]string{"ENABLE_PREFIX_DELEGATION": "true"},
			},
			account: "aws-node",
			role:    role{name: "vpc-cni", managed: []string{"AmazonEKS_CNI_Policy"}},
		},
	}
}

// furtherAddons returns the add-ons that run on nodes as ordinary pods.
func furtherAddons(key *kms.Key) []addon {
	return []addon{
		{name: "coredns"},
		{name: "metrics-server"},
		{
			name:    "aws-ebs-csi-driver",
			account: "ebs-csi-controller-sa",
			role: role{
				name: "ebs-csi", managed: []string{"service-role/AmazonEBSCSIDriverPolicy"}, own: keyUsePolicy(key),
			},
		},
	}
}

func (b *builder) newAddons(
	plane *awseks.Cluster, wanted []addon, after []pulumi.Resource,
) ([]pulumi.Resource, error) {
	var installed []pulumi.Resource
	for _, one := range wanted {
		created, err := b.newAddon(plane, one, after)
		if err != nil {
			return nil, fmt.Errorf("installing add-on %s: %w", one.name, err)
		}
		installed = append(installed, created)
	}
	return installed, nil
}

// newAddon overwrites changes made by hand: the configuration here takes precedence.
func (b *builder) newAddon(plane *awseks.Cluster, wanted addon, after []pulumi.Resource) (*awseks.Addon, error) {
	version := awseks.GetAddonVersionOutput(b.ctx, awseks.GetAddonVersionOutputArgs{
		AddonName:         pulumi.String(wanted.name),
		KubernetesVersion: pulumi.String(b.spec.KubernetesVersion),
	}, pulumi.Parent(b), pulumi.Provider(b.provider))
	settings, err := encode(wanted.settings)
	if err != nil {
		return nil, err
	}
	identities, granted, err := b.addonIdentity(wanted)
	if err != nil {
		return nil, err
	}
	return awseks.NewAddon(b.ctx, b.name+"-addon-"+wanted.name, &awseks.AddonArgs{
		ClusterName:              plane.Name,
		AddonName:                pulumi.String(wanted.name),
		AddonVersion:             version.Version(),
		ConfigurationValues:      settings,
		PodIdentityAssociations:  identities,
		ResolveConflictsOnCreate: pulumi.String("OVERWRITE"),
		ResolveConflictsOnUpdate: pulumi.String("OVERWRITE"),
	}, b.child(pulumi.DependsOn(append(granted, after...)))...)
}

func (b *builder) addonIdentity(
	wanted addon,
) (awseks.AddonPodIdentityAssociationArrayInput, []pulumi.Resource, error) {
	if wanted.account == "" {
		return nil, nil, nil
	}
	wanted.role.trust = b.podTrust(kubeSystem, wanted.account)
	created, granted, err := b.newRole(wanted.role)
	if err != nil {
		return nil, nil, err
	}
	return awseks.AddonPodIdentityAssociationArray{&awseks.AddonPodIdentityAssociationArgs{
		ServiceAccount: pulumi.String(wanted.account), RoleArn: created.Arn,
	}}, granted, nil
}

func encode(settings map[string]any) (pulumi.StringPtrInput, error) {
	if settings == nil {
		return nil, nil
	}
	encoded, err := json.Marshal(settings)
	return pulumi.String(encoded), err
}
