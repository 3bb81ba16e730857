package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

const eks = "arn:aws:eks:{region}:" + account + ":"

func clusters() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:cloudwatch/logGroup:LogGroup": {
			Source:   page("cloudwatch_log_group"),
			Inputs:   []string{"name", "retentionInDays"},
			Replaces: []string{"name"},
			ID:       standin.Text("{name}"),
		},
		"aws:eks/cluster:Cluster": {
			Source: page("eks_cluster"),
			Inputs: []string{
				"name", "version", "roleArn", "vpcConfig.subnetIds", "vpcConfig.endpointPrivateAccess",
				"vpcConfig.endpointPublicAccess", "vpcConfig.publicAccessCidrs", "kubernetesNetworkConfig.ipFamily",
				"kubernetesNetworkConfig.serviceIpv4Cidr", "accessConfig.authenticationMode",
				"accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons",
				"enabledClusterLogTypes", "encryptionConfig.provider.keyArn", "encryptionConfig.resources",
				"upgradePolicy.supportType",
			},
			Required: []string{"roleArn", "vpcConfig"},
			// Its subnets can change to others of the same VPC; the VPC itself is fixed.
			Replaces: []string{
				"name", "roleArn", "kubernetesNetworkConfig.ipFamily", "kubernetesNetworkConfig.serviceIpv4Cidr",
				"accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons",
			},
			ID: standin.Text("{name}"),
			Outputs: map[string]standin.Value{
				"arn":                       standin.Text(eks + "cluster/{name}"),
				"endpoint":                  standin.ServerURL,
				"certificateAuthority.data": standin.ServerAuthority,
				"identities":                issuer,
				"platformVersion":           standin.Constant("eks.5"),
				"status":                    standin.Constant("ACTIVE"),
			},
		},
		"aws:eks/addon:Addon": {
			Source: page("eks_addon"),
			Inputs: []string{
				"clusterName", "addonName", "addonVersion", "configurationValues", "podIdentityAssociations.serviceAccount",
				"podIdentityAssociations.roleArn", "resolveConflictsOnCreate", "resolveConflictsOnUpdate",
			},
			Required: []string{"clusterName", "addonName"},
			Replaces: []string{"clusterName", "addonName"},
			ID:       standin.Text("{clusterName}:{addonName}"),
		},
	}
}

// issuer returns the issuer of the cluster's tokens, in the provider's structure.
func issuer(i standin.Instance) any {
	return []any{map[string]any{"oidcs": []any{map[string]any{
		"issuer": standin.Text("https://oidc.eks.{region}.amazonaws.com/id/{name}")(i),
	}}}}
}
