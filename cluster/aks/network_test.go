package aks_test

import (
	"path"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheNetworkIsTheClustersOwn(t *testing.T) {
	built, told := build(t, production())
	network := built.Get(t, networkType, "cluster-network")
	assert.Equal(t, told.Name, network.At("virtualNetworkName"))
	assert.Equal(t, []any{"10.0.0.0/16"}, network.At("addressSpace", "addressPrefixes"))
	subnet := built.Get(t, subnetType, "cluster-subnet")
	assert.Equal(t, told.Name, subnet.At("virtualNetworkName"))
	assert.Equal(t, "10.0.0.0/16", subnet.At("addressPrefix"))
	id := groupID(t, built) + "/providers/Microsoft.Network/virtualNetworks/" + told.Name + "/subnets/nodes"
	assert.Equal(t, id, built.Get(t, clusterType, "cluster-cluster").At("agentPoolProfiles", 0, "vnetSubnetID"))
	for _, pool := range built.Each(t, poolType) {
		assert.Equal(t, id, pool.At("vnetSubnetID"), pool.Name)
		assert.Equal(t, false, pool.At("enableNodePublicIP"), pool.Name)
	}
}

func TestPrivateNodesReachTheInternetThroughNATAlone(t *testing.T) {
	built, told := build(t, production())
	subnet := built.Get(t, subnetType, "cluster-subnet")
	assert.Equal(t, groupID(t, built)+"/providers/Microsoft.Network/natGateways/"+told.Name, subnet.At("natGateway", "id"))
	assert.Equal(t, false, subnet.At("defaultOutboundAccess"))
	nat := built.Get(t, "azure-native:network/v20240501:NatGateway", "cluster-nat")
	nat.AssertDependsOn(t, mocktest.Ref(addressType, "cluster-nat-address"))
	assert.Equal(t, "Standard", nat.At("sku", "name"))
}

func TestAddressesSurviveTheLossOfAZone(t *testing.T) {
	spec := production()
	spec.Zones = spec.Zones[1:]
	built, _ := build(t, spec)
	assert.Len(t, built.OfType(addressType), 2)
	for _, address := range built.Each(t, addressType) {
		assert.Equal(t, []any{"2", "3"}, address.At("zones"), "%s: as Azure numbers them", address.Name)
		assert.Equal(t, "Standard", address.At("sku", "name"), address.Name)
		assert.Equal(t, "Static", address.At("publicIPAllocationMethod"), address.Name)
	}
}

func TestTheHostLeadsToTheReservedAddress(t *testing.T) {
	built, told := build(t, production())
	address := built.Get(t, addressType, "cluster-address")
	record := built.Get(t, "azure-native:network/v20180501:RecordSet", "cluster-record")
	assert.Equal(t, map[string]any{
		"resourceGroupName": "dns", "zoneName": "dreamseed.ai", "relativeRecordSetName": "learn", "recordType": "A",
		"ttl": 300, "aRecords": []any{map[string]any{"ipv4Address": built.Outputs["addresses"].([]any)[0]}},
	}, record.Inputs)
	record.AssertDependsOn(t, address.Ref())
	assert.Equal(t, "learn.dreamseed.ai", told.PublicAddress.Host)
	assert.Equal(t, map[string]any{
		"service.beta.kubernetes.io/azure-load-balancer-resource-group": path.Base(groupID(t, built)) + "-ingress",
		"service.beta.kubernetes.io/azure-pip-name":                     "dreamseed-test-ingress",
	}, built.Outputs["annotationsOfIngress"])
	assert.Equal(t, path.Base(groupID(t, built))+"-ingress", address.At("resourceGroupName"))
}

func TestARecordIsNamedWithoutItsZone(t *testing.T) {
	for host, want := range map[string]string{
		"learn.dreamseed.ai":              "learn",
		"learn.eu.dreamseed.ai":           "learn.eu",
		"learn.dreamseed.ai.dreamseed.ai": "learn.dreamseed.ai",
	} {
		spec := production()
		spec.DNS.Host = host
		built, _ := build(t, spec)
		record := built.Get(t, "azure-native:network/v20180501:RecordSet", "cluster-record")
		assert.Equal(t, want, record.At("relativeRecordSetName"), host)
	}
}

func TestAnAliasLeadsToTheSameAddress(t *testing.T) {
	spec := production()
	spec.DNS.Aliases = []string{"grafana.learn.dreamseed.ai"}
	built, _ := build(t, spec)
	host := built.Get(t, "azure-native:network/v20180501:RecordSet", "cluster-record")
	alias := built.Get(t, "azure-native:network/v20180501:RecordSet", "cluster-record-grafana.learn.dreamseed.ai")
	assert.Equal(t, "grafana.learn", alias.At("relativeRecordSetName"))
	assert.NotEmpty(t, alias.At("aRecords"))
	assert.Equal(t, host.At("aRecords"), alias.At("aRecords"))
}
