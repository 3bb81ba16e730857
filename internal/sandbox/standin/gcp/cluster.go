package gcp

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func clusters() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:container/cluster:Cluster": {
			Source: page("container_cluster"),
			Inputs: []string{
				"name", "location", "nodeLocations", "deletionProtection", "removeDefaultNodePool", "initialNodeCount",
				"nodeConfig.serviceAccount", "nodeConfig.oauthScopes", "nodeConfig.bootDiskKmsKey",
				"nodeConfig.shieldedInstanceConfig.enableSecureBoot",
				"nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring",
				"network", "subnetwork", "networkingMode", "datapathProvider", "defaultMaxPodsPerNode",
				"ipAllocationPolicy.clusterSecondaryRangeName", "ipAllocationPolicy.servicesSecondaryRangeName",
				"privateClusterConfig.enablePrivateNodes", "privateClusterConfig.enablePrivateEndpoint",
				"privateClusterConfig.masterIpv4CidrBlock",
				"masterAuthorizedNetworksConfig.cidrBlocks.cidrBlock",
				"masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled",
				"masterAuth.clientCertificateConfig.issueClientCertificate", "enableLegacyAbac", "enableShieldedNodes",
				"workloadIdentityConfig.workloadPool", "databaseEncryption.state", "databaseEncryption.keyName",
				"securityPostureConfig.mode", "securityPostureConfig.vulnerabilityMode",
				"releaseChannel.channel", "minMasterVersion", "maintenancePolicy.recurringWindow.startTime",
				"maintenancePolicy.recurringWindow.endTime", "maintenancePolicy.recurringWindow.recurrence",
				"addonsConfig.dnsCacheConfig.enabled", "addonsConfig.gcePersistentDiskCsiDriverConfig.enabled",
				"addonsConfig.horizontalPodAutoscaling.disabled", "addonsConfig.httpLoadBalancing.disabled",
				"addonsConfig.networkPolicyConfig.disabled",
				"loggingConfig.enableComponents", "monitoringConfig.enableComponents",
				"monitoringConfig.managedPrometheus.enabled", "costManagementConfig.enabled",
			},
			Required: []string{"name", "location"},
			Replaces: []string{
				"name", "location", "initialNodeCount", "nodeConfig", "network", "subnetwork", "networkingMode",
				"datapathProvider", "ipAllocationPolicy", "defaultMaxPodsPerNode", "privateClusterConfig.enablePrivateNodes",
				"privateClusterConfig.masterIpv4CidrBlock", "masterAuth.clientCertificateConfig",
			},
			ID: standin.Text("projects/{project}/locations/{location}/clusters/{name}"),
			Outputs: map[string]standin.Value{
				"endpoint":                             address,
				"privateClusterConfig.privateEndpoint": address,
				"masterAuth.clusterCaCertificate":      standin.ServerAuthority,
				"masterAuth.clientKey":                 clientKey,
				"masterVersion":                        standin.Text("{minMasterVersion}.4-gke.1172000"),
				"selfLink": standin.Text(
					"https://container.googleapis.com/v1/projects/{project}/locations/{location}/clusters/{name}"),
			},
			Secrets:    []string{"masterAuth.clientKey"},
			Protection: "deletionProtection",
		},
	}
}

// clientKey is empty in a real cluster without client certificates. Here it is planted.
func clientKey(standin.Instance) any {
	return base64.StdEncoding.EncodeToString([]byte(standin.Canary))
}

// address returns GKE's endpoint: an address without a protocol.
func address(i standin.Instance) any {
	return strings.TrimPrefix(fmt.Sprint(standin.ServerURL(i)), "https://")
}
