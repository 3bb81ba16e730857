package aks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheAPIServerIsPrivateUnlessRangesAreNamed(t *testing.T) {
	private, _ := build(t, production())
	assert.Equal(t, map[string]any{
		"enablePrivateCluster": true, "privateDNSZone": "system", "enablePrivateClusterPublicFQDN": true,
		"disableRunCommand": true,
	}, private.Get(t, clusterType, "cluster-cluster").At("apiServerAccessProfile"),
		"the address is private, and everybody may know it")

	open, _ := build(t, public())
	nat := open.Get(t, "azure-native:network/v20240501:NatGateway", "cluster-nat")
	plane := open.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, false, plane.At("apiServerAccessProfile", "enablePrivateCluster"))
	assert.Equal(t, true, plane.At("apiServerAccessProfile", "disableRunCommand"), "it goes past the network")
	ranges := plane.At("apiServerAccessProfile", "authorizedIPRanges").([]any)
	require.Len(t, ranges, 2)
	assert.Equal(t, "198.51.100.0/24", ranges[0])
	assert.Regexp(t, `^203\.0\.113\.\d+/32$`, ranges[1], "the nodes come by the address of their way out")
	assert.NotEqual(t, open.Outputs["addresses"].([]any)[0].(string)+"/32", ranges[1], "nobody comes by the ingress")
	assert.NotNil(t, nat.At("publicIpAddresses", 0, "id"))
}

func TestTheControlPlaneIsHardened(t *testing.T) {
	built, told := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	for reason, c := range map[string]struct {
		want any
		path []any
	}{
		"no account but those of Entra":      {true, []any{"disableLocalAccounts"}},
		"permissions by RBAC":                {true, []any{"enableRBAC"}},
		"Entra says who somebody is":         {true, []any{"aadProfile", "managed"}},
		"and may say who may what":           {true, []any{"aadProfile", "enableAzureRBAC"}},
		"the groups that administer":         {[]any{platformTeam, pulumiGroup}, []any{"aadProfile", "adminGroupObjectIDs"}},
		"service accounts have identities":   {true, []any{"securityProfile", "workloadIdentity", "enabled"}},
		"which Entra can check":              {true, []any{"oidcIssuerProfile", "enabled"}},
		"what AKS made only AKS may change":  {"ReadOnly", []any{"nodeResourceGroupProfile", "restrictionLevel"}},
		"somebody answers for its uptime":    {"Standard", []any{"sku", "tier"}},
		"namespaces know what they cost":     {true, []any{"metricsProfile", "costAnalysis", "enabled"}},
		"patches come by themselves":         {"patch", []any{"autoUpgradeProfile", "upgradeChannel"}},
		"so do the nodes' images":            {"NodeImage", []any{"autoUpgradeProfile", "nodeOSUpgradeChannel"}},
		"the version is the configuration":   {"1.35", []any{"kubernetesVersion"}},
		"an emptyDir keeps no node alive":    {"false", []any{"autoScalerProfile", "skipNodesWithLocalStorage"}},
		"volumes are Azure's disks":          {true, []any{"storageProfile", "diskCSIDriver", "enabled"}},
		"nothing shares files":               {false, []any{"storageProfile", "fileCSIDriver", "enabled"}},
		"the identity is one of its own":     {"UserAssigned", []any{"identity", "type"}},
		"machines have a group of their own": {told.Name + "-nodes", []any{"nodeResourceGroup"}},
	} {
		assert.Equal(t, c.want, plane.At(c.path...), reason)
	}
}

func TestPodsAreSeparatedByCiliumInAnOverlay(t *testing.T) {
	built, _ := build(t, production())
	assert.Equal(t, map[string]any{
		"networkPlugin": "azure", "networkPluginMode": "overlay", "networkDataplane": "cilium", "networkPolicy": "cilium",
		"podCidr": "10.64.0.0/14", "serviceCidr": "10.1.0.0/20", "dnsServiceIP": "10.1.0.10",
		"loadBalancerSku": "standard", "outboundType": "userAssignedNATGateway",
	}, built.Get(t, clusterType, "cluster-cluster").At("networkProfile"))
}

func TestMaintenanceIsAtNightOnWeekends(t *testing.T) {
	built, told := build(t, production())
	const token = "azure-native:containerservice/v20240901:MaintenanceConfiguration"
	for role, want := range map[string]struct{ name, day string }{
		"kubernetes": {"aksManagedAutoUpgradeSchedule", "Saturday"},
		"node-image": {"aksManagedNodeOSUpgradeSchedule", "Sunday"},
	} {
		schedule := built.Get(t, token, "cluster-maintenance-"+role)
		assert.Equal(t, want.name, schedule.At("configName"), "AKS knows it by its name")
		assert.Equal(t, told.Name, schedule.At("resourceName"))
		assert.Equal(t, map[string]any{
			"startTime": "01:00", "utcOffset": "+00:00", "durationHours": 4,
			"schedule": map[string]any{"weekly": map[string]any{"dayOfWeek": want.day, "intervalWeeks": 1}},
		}, schedule.At("maintenanceWindow"))
	}
	assert.Len(t, built.OfType(token), 2)
}

func TestTheSystemPoolIsForTheClusterAlone(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	pools := plane.At("agentPoolProfiles").([]any)
	require.Len(t, pools, 1)
	for reason, c := range map[string]struct {
		want any
		path []any
	}{
		"the cluster's own pods live there": {"System", []any{"mode"}},
		"and nobody else's":                 {[]any{"CriticalAddonsOnly=true:NoSchedule"}, []any{"nodeTaints"}},
		"as many as the range was made for": {cluster.SystemNodes, []any{"count"}},
		"and always as many":                {false, []any{"enableAutoScaling"}},
		"so it has no bounds":               {nil, []any{"minCount"}},
		"neither of them":                   {nil, []any{"maxCount"}},
		"in every zone":                     {[]any{"1", "2", "3"}, []any{"availabilityZones"}},
		"encrypted where it runs":           {true, []any{"enableEncryptionAtHost"}},
		"only signed kernels boot":          {true, []any{"securityProfile", "enableSecureBoot"}},
		"upgraded with the cluster":         {"1.35", []any{"orchestratorVersion"}},
	} {
		assert.Equal(t, c.want, mocktest.At(pools[0], c.path...), reason)
	}
	assert.GreaterOrEqual(t, mocktest.At(pools[0], "count"), 2, "one node can be lost")
	assert.Empty(t, plane.IgnoreChanges, "what a refresh finds at a place of the list is not sent as this pool")
}

func TestNothingOfTheUserInAzuresAnswerIsLeftInTheKubeconfig(t *testing.T) {
	for _, spec := range []*cluster.Spec{production(), public()} {
		built, _ := build(t, spec)
		provider := built.Get(t, providerType, "cluster-kubernetes")
		for _, left := range []string{"clusterUser", "devicecode", "--client-id", "--tenant-id"} {
			assert.NotContains(t, provider.At("kubeconfig"), left)
		}
		provider.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
	}
}
