package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

func nodes() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:ec2/launchTemplate:LaunchTemplate": {
			Source: page("launch_template"),
			Inputs: []string{
				"name", "metadataOptions.httpTokens", "metadataOptions.httpPutResponseHopLimit",
				"blockDeviceMappings.deviceName", "blockDeviceMappings.ebs.volumeType", "blockDeviceMappings.ebs.volumeSize",
				"blockDeviceMappings.ebs.encrypted", "blockDeviceMappings.ebs.kmsKeyId",
				"blockDeviceMappings.ebs.deleteOnTermination", "userData", "tagSpecifications.resourceType",
				"tagSpecifications.tags.*",
			},
			Replaces: []string{"name"},
			ID:       standin.Text("lt-{serial}"),
			Outputs:  map[string]standin.Value{"latestVersion": standin.Constant(1)},
		},
		"aws:eks/nodeGroup:NodeGroup": {
			Source: page("eks_node_group"),
			Inputs: []string{
				"clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "version", "amiType", "capacityType",
				"instanceTypes", "launchTemplate.id", "launchTemplate.version", "scalingConfig.minSize",
				"scalingConfig.maxSize", "scalingConfig.desiredSize", "updateConfig.maxUnavailable",
				"nodeRepairConfig.enabled", "labels.*", "taints.key", "taints.value", "taints.effect",
				"tags.*",
			},
			Required: []string{"clusterName", "nodeRoleArn", "scalingConfig", "subnetIds"},
			Replaces: []string{
				"clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "amiType", "capacityType", "instanceTypes",
				"launchTemplate.id",
			},
			ID: standin.Text("{clusterName}:{nodeGroupName}"),
			Outputs: map[string]standin.Value{
				"arn":    standin.Text(eks + "nodegroup/{clusterName}/{nodeGroupName}"),
				"status": standin.Constant("ACTIVE"),
			},
		},
	}
}
