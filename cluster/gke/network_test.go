package gke_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheNetworkIsTheClustersOwn(t *testing.T) {
	built, told := build(t, production())
	network := built.Get(t, "gcp:compute/network:Network", "cluster-network")
	assert.Equal(t, told.Name, network.At("name"))
	assert.Equal(t, false, network.At("autoCreateSubnetworks"), "no range that nobody chose")
	subnet := built.Get(t, "gcp:compute/subnetwork:Subnetwork", "cluster-subnet")
	assert.Equal(t, "10.0.0.0/16", subnet.At("ipCidrRange"))
	assert.Equal(t, []any{
		map[string]any{"rangeName": "pods", "ipCidrRange": "10.64.0.0/14"},
		map[string]any{"rangeName": "services", "ipCidrRange": "10.1.0.0/20"},
	}, subnet.At("secondaryIpRanges"))
	assert.Equal(t, true, subnet.At("privateIpGoogleAccess"), "images and logs do not go over the internet")
	assert.NotNil(t, subnet.At("logConfig"), "who talks to whom is on record")

	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, "VPC_NATIVE", plane.At("networkingMode"))
	assert.Equal(t, map[string]any{"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"},
		plane.At("ipAllocationPolicy"))
	assert.Equal(t, "https://www.googleapis.com/compute/v1/projects/dreamseed-project/regions/europe-west4/subnetworks/"+
		told.Name, plane.At("subnetwork"))
}

func TestDataStoresHaveARangeThatTheConfigurationChose(t *testing.T) {
	spec := production()
	before, _ := build(t, spec)
	spec.Network.Data = "10.2.1.0/24"
	built, told := build(t, spec)
	added := mocktest.Changed(before, built)
	require.Len(t, added, 2, "nothing else is touched: %v", added)

	ranges := built.Each(t, "gcp:compute/globalAddress:GlobalAddress")
	require.Len(t, ranges, 1)
	assert.Equal(t, "10.2.1.0", ranges[0].At("address"))
	assert.Equal(t, 24, ranges[0].At("prefixLength"))
	assert.Equal(t, "VPC_PEERING", ranges[0].At("purpose"))
	connection := built.Get(t, "gcp:servicenetworking/connection:Connection", "cluster-data-connection")
	assert.Equal(t, []any{ranges[0].At("name")}, connection.At("reservedPeeringRanges"))
	assert.Equal(t, "ABANDON", connection.At("deletionPolicy"), "Google refuses to delete it for days")
	network := built.Get(t, "gcp:compute/network:Network", "cluster-network")
	assert.Equal(t, told.Name, network.At("name"))
	connection.AssertDependsOn(t, network.Ref(), ranges[0].Ref())
	for _, one := range []*mocktest.Resource{ranges[0], connection} {
		assert.True(t, one.Protect, "stores live in it")
	}

	spec.Network.Data = "10.2.2.0/24"
	other, _ := build(t, spec)
	assert.NotEqual(t, ranges[0].Name, other.Each(t, ranges[0].Type)[0].Name, "it comes beside the former")
}

func TestPrivateNodesReachTheInternetThroughNAT(t *testing.T) {
	built, _ := build(t, production())
	nat := built.Get(t, "gcp:compute/routerNat:RouterNat", "cluster-nat")
	assert.Equal(t, "AUTO_ONLY", nat.At("natIpAllocateOption"))
	assert.Equal(t, "ALL_SUBNETWORKS_ALL_IP_RANGES", nat.At("sourceSubnetworkIpRangesToNat"), "pods, too")
	assert.Equal(t, map[string]any{"enable": true, "filter": "ERRORS_ONLY"}, nat.At("logConfig"))
	built.Get(t, clusterType, "cluster-cluster").AssertDependsOn(t, nat.Ref())
}

func TestBusyNodesGetMorePortsToTheInternet(t *testing.T) {
	built, _ := build(t, production())
	nat := built.Get(t, "gcp:compute/routerNat:RouterNat", "cluster-nat")
	assert.Equal(t, true, nat.At("enableDynamicPortAllocation"))
	assert.Equal(t, false, nat.At("enableEndpointIndependentMapping"), "Google takes no more than one of the two")
	least, most := nat.At("minPortsPerVm").(int), nat.At("maxPortsPerVm").(int)
	assert.GreaterOrEqual(t, least, 64, "no node has less than by a fixed allocation")
	assert.GreaterOrEqual(t, most, 1024, "a busy one has far more")
	for _, ports := range []int{least, most} {
		assert.Equal(t, 1, bits.OnesCount(uint(ports)), "%d: Google takes powers of two", ports)
	}
}

func TestTheHostLeadsToTheReservedAddress(t *testing.T) {
	built, told := build(t, production())
	address := built.Get(t, "gcp:compute/address:Address", "cluster-address")
	assert.Equal(t, "EXTERNAL", address.At("addressType"))
	assert.Equal(t, "europe-west4", address.At("region"), "a load balancer of the cluster's region takes no global one")
	record := built.Get(t, "gcp:dns/recordSet:RecordSet", "cluster-record")
	assert.Equal(t, map[string]any{
		"managedZone": "dreamseed-ai", "name": "learn.dreamseed.ai.", "type": "A", "ttl": 300,
		"rrdatas": built.Outputs["addresses"],
	}, record.Inputs)
	record.AssertDependsOn(t, mocktest.Ref(address.Type, address.Name))
	assert.Equal(t, "learn.dreamseed.ai", told.PublicAddress.Host)
	assert.Equal(t, map[string]any{
		"cloud.google.com/l4-rbs":                      "enabled",
		"networking.gke.io/load-balancer-ip-addresses": address.At("name"),
	}, built.Outputs["annotationsOfIngress"])
}

func TestAnAliasLeadsToTheSameAddress(t *testing.T) {
	spec := production()
	spec.DNS.Aliases = []string{"grafana.learn.dreamseed.ai"}
	built, _ := build(t, spec)
	host := built.Get(t, "gcp:dns/recordSet:RecordSet", "cluster-record")
	alias := built.Get(t, "gcp:dns/recordSet:RecordSet", "cluster-record-grafana.learn.dreamseed.ai")
	assert.Equal(t, "grafana.learn.dreamseed.ai.", alias.At("name"))
	assert.NotEmpty(t, alias.At("rrdatas"))
	assert.Equal(t, host.At("rrdatas"), alias.At("rrdatas"))
}
