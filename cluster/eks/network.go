package eks

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// anywhere is the default route, to every address outside the VPC.
const anywhere = "0.0.0.0/0"

// network holds the subnets of the cluster's nodes, in the order of the zones.
type network struct {
	private, public pulumi.StringArray
	// routes are the private subnets' default routes: a node without one cannot join the cluster.
	routes []pulumi.Resource
}

func (b *builder) newNetwork() (*network, error) {
	ranges, err := netip.ParsePrefix(b.spec.Network.Nodes)
	if err != nil {
		return nil, fmt.Errorf("reading the network's range: %w", err)
	}
	vpc, err := ec2.NewVpc(b.ctx, b.name+"-vpc", &ec2.VpcArgs{
		CidrBlock:          pulumi.String(ranges.String()),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true),
		Tags:               b.named("vpc"),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the VPC: %w", err)
	}
	if err := b.closeDefaultGroup(vpc); err != nil {
		return nil, fmt.Errorf("closing the default security group: %w", err)
	}
	gateway, err := ec2.NewInternetGateway(b.ctx, b.name+"-internet", &ec2.InternetGatewayArgs{
		VpcId: vpc.ID(), Tags: b.named("internet"),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("creating the internet gateway: %w", err)
	}
	built := &network{}
	for zone, zoneName := range b.spec.Zones {
		if err := b.newZone(built, vpc, gateway, ranges, zone); err != nil {
			return nil, fmt.Errorf("creating the subnets of zone %s: %w", zoneName, err)
		}
	}
	return built, nil
}

// closeDefaultGroup removes all rules from the default security group, which a resource gets that names none.
func (b *builder) closeDefaultGroup(vpc *ec2.Vpc) error {
	_, err := ec2.NewDefaultSecurityGroup(b.ctx, b.name+"-default-group", &ec2.DefaultSecurityGroupArgs{
		VpcId: vpc.ID(),
	}, b.child()...)
	return err
}

// newZone creates the two subnets of a zone. Each zone has its own NAT gateway, so it does not depend on another zone.
func (b *builder) newZone(
	built *network, vpc *ec2.Vpc, internet *ec2.InternetGateway, ranges netip.Prefix, zone int,
) error {
	public, err := b.newSubnet("public", vpc, zone, publicSubnet(ranges, zone), "kubernetes.io/role/elb")
	if err != nil {
		return err
	}
	private, err := b.newSubnet("private", vpc, zone, privateSubnet(ranges, zone), "kubernetes.io/role/internal-elb")
	if err != nil {
		return err
	}
	out, err := b.newRoute("public", vpc, public, zone, &ec2.RouteTableRouteArgs{
		CidrBlock: pulumi.String(anywhere), GatewayId: internet.ID(),
	})
	if err != nil {
		return err
	}
	nat, err := b.newNAT(public, out, zone)
	if err != nil {
		return err
	}
	route, err := b.newRoute("private", vpc, private, zone, &ec2.RouteTableRouteArgs{
		CidrBlock: pulumi.String(anywhere), NatGatewayId: nat.ID(),
	})
	if err != nil {
		return err
	}
	built.public = append(built.public, public.ID())
	built.private = append(built.private, private.ID())
	built.routes = append(built.routes, route)
	return nil
}

// newSubnet adds the tag that load balancers discover their subnets by
// (https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html).
func (b *builder) newSubnet(
	role string, vpc *ec2.Vpc, zone int, ranges netip.Prefix, loadBalancers string,
) (*ec2.Subnet, error) {
	tags := b.named(fmt.Sprintf("%s-%d", role, zone))
	tags[loadBalancers] = pulumi.String("1")
	return ec2.NewSubnet(b.ctx, fmt.Sprintf("%s-%s-%d", b.name, role, zone), &ec2.SubnetArgs{
		VpcId:            vpc.ID(),
		AvailabilityZone: pulumi.String(b.spec.Zones[zone]),
		CidrBlock:        pulumi.String(ranges.String()),
		Tags:             tags,
	}, b.kept()...)
}

func (b *builder) newNAT(public *ec2.Subnet, out pulumi.Resource, zone int) (*ec2.NatGateway, error) {
	role := fmt.Sprintf("nat-%d", zone)
	address, err := ec2.NewEip(b.ctx, b.name+"-"+role+"-address", &ec2.EipArgs{
		Domain: pulumi.String("vpc"), Tags: b.named(role),
	}, b.child()...)
	if err != nil {
		return nil, err
	}
	return ec2.NewNatGateway(b.ctx, b.name+"-"+role, &ec2.NatGatewayArgs{
		SubnetId: public.ID(), AllocationId: address.ID(), Tags: b.named(role),
	}, b.child(pulumi.DependsOn([]pulumi.Resource{out}))...)
}

func (b *builder) newRoute(
	role string, vpc *ec2.Vpc, subnet *ec2.Subnet, zone int, route *ec2.RouteTableRouteArgs,
) (pulumi.Resource, error) {
	logical := fmt.Sprintf("%s-%s-%d-route", b.name, role, zone)
	table, err := ec2.NewRouteTable(b.ctx, logical+"s", &ec2.RouteTableArgs{
		VpcId: vpc.ID(), Routes: ec2.RouteTableRouteArray{route}, Tags: b.named(fmt.Sprintf("%s-%d", role, zone)),
	}, b.child()...)
	if err != nil {
		return nil, err
	}
	return ec2.NewRouteTableAssociation(b.ctx, logical, &ec2.RouteTableAssociationArgs{
		SubnetId: subnet.ID(), RouteTableId: table.ID(),
	}, b.child()...)
}
