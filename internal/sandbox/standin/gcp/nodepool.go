package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

func nodePools() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:container/nodePool:NodePool": {
			Source: page("container_node_pool"),
			Inputs: []string{
				"name", "cluster", "location", "nodeLocations", "initialNodeCount", "maxPodsPerNode",
				"autoscaling.totalMinNodeCount", "autoscaling.totalMaxNodeCount", "autoscaling.locationPolicy",
				"management.autoRepair", "management.autoUpgrade", "upgradeSettings.strategy", "upgradeSettings.maxSurge",
				"upgradeSettings.maxUnavailable", "nodeConfig.machineType", "nodeConfig.spot", "nodeConfig.imageType",
				"nodeConfig.diskType", "nodeConfig.diskSizeGb", "nodeConfig.bootDiskKmsKey", "nodeConfig.serviceAccount",
				"nodeConfig.oauthScopes", "nodeConfig.labels.*", "nodeConfig.taints.key", "nodeConfig.taints.value",
				"nodeConfig.taints.effect", "nodeConfig.metadata.*", "nodeConfig.shieldedInstanceConfig.enableSecureBoot",
				"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring", "nodeConfig.workloadMetadataConfig.mode",
			},
			Required: []string{"cluster"},
			Replaces: []string{
				"name", "cluster", "location", "initialNodeCount", "maxPodsPerNode", "nodeConfig.spot",
				"nodeConfig.bootDiskKmsKey", "nodeConfig.serviceAccount", "nodeConfig.oauthScopes", "nodeConfig.metadata",
				"nodeConfig.shieldedInstanceConfig",
			},
			ID: standin.Text("projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}"),
		},
	}
}
