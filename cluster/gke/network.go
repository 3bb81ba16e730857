package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Names of the subnet's secondary ranges.
const (
	podsRange     = "pods"
	servicesRange = "services"
)

// network holds the network of the cluster's nodes.
type network struct {
	network *compute.Network
	subnet  *compute.Subnetwork
	// nat is the nodes' only way to the internet.
	nat *compute.RouterNat
	// data leads to the data stores that Google runs. Nil without a range for them.
	data pulumi.Resource
}

func (b *builder) newNetwork() (*network, error) {
	vpc, err := compute.NewNetwork(b.ctx, b.name+"-network", &compute.NetworkArgs{
		Name:                  pulumi.String(b.spec.Identity()),
		AutoCreateSubnetworks: pulumi.Bool(false),
		RoutingMode:           pulumi.String("REGIONAL"),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the network: %w", err)
	}
	subnet, err := b.newSubnet(vpc)
	if err != nil {
		return nil, fmt.Errorf("creating the subnet: %w", err)
	}
	nat, err := b.newNAT(vpc)
	if err != nil {
		return nil, fmt.Errorf("creating the way to the internet: %w", err)
	}
	data, err := b.newDataConnection(vpc)
	if err != nil {
		return nil, fmt.Errorf("creating the way to data stores: %w", err)
	}
	return &network{network: vpc, subnet: subnet, nat: nat, data: data}, nil
}

// newSubnet logs the flows of a tenth of the packets: enough to see which pods communicate, at a tenth of the price.
func (b *builder) newSubnet(vpc *compute.Network) (*compute.Subnetwork, error) {
	return compute.NewSubnetwork(b.ctx, b.name+"-subnet", &compute.SubnetworkArgs{
		Name:                  pulumi.String(b.spec.Identity()),
		Network:               vpc.ID(),
		Region:                pulumi.String(b.spec.Region),
		IpCidrRange:           pulumi.String(b.spec.Network.Nodes),
		PrivateIpGoogleAccess: pulumi.Bool(true),
		SecondaryIpRanges: compute.SubnetworkSecondaryIpRangeArray{
			&compute.SubnetworkSecondaryIpRangeArgs{
				RangeName:   pulumi.String(podsRange),
				IpCidrRange: pulumi.String(b.spec.Network.Pods),
			},
			&compute.SubnetworkSecondaryIpRangeArgs{
				RangeName:   pulumi.String(servicesRange),
				IpCidrRange: pulumi.String(b.spec.Network.Services),
			},
		},
		LogConfig: &compute.SubnetworkLogConfigArgs{
			AggregationInterval: pulumi.String("INTERVAL_10_MIN"),
			FlowSampling:        pulumi.Float64(0.1),
			Metadata:            pulumi.String("INCLUDE_ALL_METADATA"),
		},
	}, b.kept()...)
}

// Bounds of the NAT ports that a node gets: the minimum at first, up to the maximum while its pods open many
// connections. A port carries one connection at a time to each address and port outside, so the first busy service that
// calls one outside host would exhaust a fixed allocation of 64. Both are powers of two
// (https://cloud.google.com/compute/docs/reference/rest/v1/routers).
const (
	minPortsPerNode = 64
	maxPortsPerNode = 4096
)

// newNAT allocates ports on demand. Google does not combine that with endpoint-independent mapping, which would keep
// one port for a pod whatever its destination (https://cloud.google.com/nat/docs/ports-and-addresses).
func (b *builder) newNAT(vpc *compute.Network) (*compute.RouterNat, error) {
	router, err := compute.NewRouter(b.ctx, b.name+"-router", &compute.RouterArgs{
		Name:    pulumi.String(b.spec.Identity()),
		Network: vpc.ID(),
		Region:  pulumi.String(b.spec.Region),
	}, b.child()...)
	if err != nil {
		return nil, err
	}
	return compute.NewRouterNat(b.ctx, b.name+"-nat", &compute.RouterNatArgs{
		Name:                          pulumi.String(b.spec.Identity()),
		Router:                        router.Name,
		Region:                        pulumi.String(b.spec.Region),
		NatIpAllocateOption:           pulumi.String("AUTO_ONLY"),
		SourceSubnetworkIpRangesToNat: pulumi.String("ALL_SUBNETWORKS_ALL_IP_RANGES"),

		EnableDynamicPortAllocation:      pulumi.Bool(true),
		MinPortsPerVm:                    pulumi.Int(minPortsPerNode),
		MaxPortsPerVm:                    pulumi.Int(maxPortsPerNode),
		EnableEndpointIndependentMapping: pulumi.Bool(false),

		LogConfig: &compute.RouterNatLogConfigArgs{
			Enable: pulumi.Bool(true),
			Filter: pulumi.String("ERRORS_ONLY"),
		},
	}, b.child()...)
}
