package eks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// recordSeconds is the TTL of the address record, and so the duration of a move.
const recordSeconds = 300

// newIngress reserves an address in each zone, and points the environment's names to all of them. It also returns the
// addresses as resources, for others to depend on.
func (b *builder) newIngress(net *network) (cluster.PublicAddress, []pulumi.Resource, error) {
	var addresses, allocations pulumi.StringArray
	var reserved []pulumi.Resource
	for zone := range b.spec.Zones {
		address, err := ec2.NewEip(b.ctx, fmt.Sprintf("%s-address-%d", b.name, zone), &ec2.EipArgs{
			Domain: pulumi.String("vpc"), Tags: b.named(fmt.Sprintf("ingress-%d", zone)),
		}, b.kept()...)
		if err != nil {
			return cluster.PublicAddress{}, nil, fmt.Errorf("reserving the ingress addresses: %w", err)
		}
		addresses = append(addresses, address.PublicIp)
		allocations = append(allocations, address.AllocationId)
		reserved = append(reserved, address)
	}
	for _, record := range b.spec.DNS.Records() {
		_, err := route53.NewRecord(b.ctx, b.name+"-"+record.Role, &route53.RecordArgs{
			ZoneId:  pulumi.String(b.spec.DNS.Zone),
			Name:    pulumi.String(record.Name),
			Type:    pulumi.String("A"),
			Ttl:     pulumi.Int(recordSeconds),
			Records: addresses,
		}, b.child()...)
		if err != nil {
			return cluster.PublicAddress{}, nil, fmt.Errorf("creating the record of %s: %w", record.Name, err)
		}
	}
	return cluster.PublicAddress{
		Host:      b.spec.DNS.Host,
		Addresses: addresses.ToStringArrayOutput(),
		// Annotations that EKS's built-in service controller supports for a network load balancer
		// (https://cloud-provider-aws.sigs.k8s.io/service_controller).
		ServiceAnnotations: pulumi.StringMap{
			"service.beta.kubernetes.io/aws-load-balancer-type":            pulumi.String("nlb"),
			"service.beta.kubernetes.io/aws-load-balancer-eip-allocations": joined(allocations),
			"service.beta.kubernetes.io/aws-load-balancer-subnets":         joined(net.public),
			// The host resolves to every zone, including zones without a pod of the ingress controller.
			"service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": pulumi.String("true"),
		},
	}, reserved, nil
}

func joined(values pulumi.StringArray) pulumi.StringOutput {
	return values.ToStringArrayOutput().ApplyT(func(known []string) string {
		return strings.Join(known, ",")
	}).(pulumi.StringOutput)
}
