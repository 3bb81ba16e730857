package aks

import (
	"fmt"
	"net/netip"
	"strings"

	azure "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240501"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// network holds the network of the cluster's nodes.
type network struct {
	network *azure.VirtualNetwork
	subnet  *azure.Subnet
	// wayOut is the public source address of the nodes' traffic to the internet.
	wayOut *azure.PublicIPAddress
}

// newNetwork creates a network with one subnet. It has no network security group of its own: AKS gives every node one,
// which admits only the traffic that a Service of type LoadBalancer asks for
// (https://learn.microsoft.com/azure/aks/concepts-network#network-security-groups).
func (b *builder) newNetwork() (*network, error) {
	vnet, err := azure.NewVirtualNetwork(b.ctx, b.name+"-network", &azure.VirtualNetworkArgs{
		VirtualNetworkName: pulumi.String(b.spec.Identity()),
		ResourceGroupName:  b.group,
		Location:           pulumi.String(b.spec.Region),
		AddressSpace: &azure.AddressSpaceArgs{
			AddressPrefixes: pulumi.ToStringArray([]string{b.spec.Network.Nodes}),
		},
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the network: %w", err)
	}
	nat, wayOut, err := b.newNAT()
	if err != nil {
		return nil, fmt.Errorf("creating the way to the internet: %w", err)
	}
	subnet, err := azure.NewSubnet(b.ctx, b.name+"-subnet", &azure.SubnetArgs{
		SubnetName:            pulumi.String("nodes"),
		ResourceGroupName:     b.group,
		VirtualNetworkName:    vnet.Name,
		AddressPrefix:         pulumi.String(b.spec.Network.Nodes),
		NatGateway:            &azure.SubResourceArgs{Id: nat.ID()},
		DefaultOutboundAccess: pulumi.Bool(false),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the subnet: %w", err)
	}
	return &network{network: vnet, subnet: subnet, wayOut: wayOut}, nil
}

// newNAT creates the nodes' only way to the internet. Its address is zone-redundant; the gateway is in one zone that
// Azure chooses, because a gateway cannot span several
// (https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones).
func (b *builder) newNAT() (*azure.NatGateway, *azure.PublicIPAddress, error) {
	address, err := b.newAddress(b.name+"-nat-address", b.spec.Identity()+"-nat", b.group, b.child())
	if err != nil {
		return nil, nil, err
	}
	gateway, err := azure.NewNatGateway(b.ctx, b.name+"-nat", &azure.NatGatewayArgs{
		NatGatewayName:    pulumi.String(b.spec.Identity()),
		ResourceGroupName: b.group,
		Location:          pulumi.String(b.spec.Region),
		Sku:               &azure.NatGatewaySkuArgs{Name: pulumi.String("Standard")},
		PublicIpAddresses: azure.SubResourceArray{&azure.SubResourceArgs{Id: address.ID()}},
	}, b.child()...)
	return gateway, address, err
}

// newAddress reserves a public address that survives the loss of a zone.
func (b *builder) newAddress(
	name, physical string, group pulumi.StringInput, opts []pulumi.ResourceOption,
) (*azure.PublicIPAddress, error) {
	return azure.NewPublicIPAddress(b.ctx, name, &azure.PublicIPAddressArgs{
		PublicIpAddressName:      pulumi.String(physical),
		ResourceGroupName:        group,
		Location:                 pulumi.String(b.spec.Region),
		Sku:                      &azure.PublicIPAddressSkuArgs{Name: pulumi.String("Standard")},
		PublicIPAllocationMethod: pulumi.String("Static"),
		Zones:                    b.zones(),
	}, opts...)
}

// zones returns Azure's numbers of the Spec's zones: westeurope-1, as in the node label, is zone 1
// (https://learn.microsoft.com/azure/aks/availability-zones#verify-node-distribution-across-zones).
func (b *builder) zones() pulumi.StringArray {
	numbers := pulumi.StringArray{}
	for _, zone := range b.spec.Zones {
		numbers = append(numbers, pulumi.String(zone[strings.LastIndex(zone, "-")+1:]))
	}
	return numbers
}

// dnsServiceIP returns the address of the cluster's DNS: the tenth address of the services' range, because the first is
// the API server's.
func dnsServiceIP(services string) (string, error) {
	prefix, err := netip.ParsePrefix(services)
	if err != nil {
		return "", err
	}
	address := prefix.Masked().Addr()
	for range 10 {
		address = address.Next()
	}
	if !prefix.Contains(address) {
		return "", fmt.Errorf("%s has no tenth address", services)
	}
	return address.String(), nil
}
