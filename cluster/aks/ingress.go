package aks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/managedidentity/v2"
	dns "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20180501"
	network2024 "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240501"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// recordSeconds is how long resolvers may remember the address: how long a move takes.
const recordSeconds = 300

// newIngress reserves the address of the environment, lets the control plane put a load balancer on it, and leads the
// host there.
func (b *builder) newIngress(
	group *resources.ResourceGroup, controlPlane *managedidentity.UserAssignedIdentity,
) (cluster.Ingress, error) {
	name := b.spec.Name + "-ingress"
	address, err := network2024.NewPublicIPAddress(b.ctx, b.name+"-address", &network2024.PublicIPAddressArgs{
		PublicIpAddressName:      pulumi.String(name),
		ResourceGroupName:        group.Name,
		Location:                 b.location(),
		Sku:                      &network2024.PublicIPAddressSkuArgs{Name: pulumi.String("Standard")},
		PublicIPAllocationMethod: pulumi.String("Static"),
		Zones:                    b.zones(),
	}, b.kept()...)
	if err != nil {
		return cluster.Ingress{}, fmt.Errorf("reserving the ingress address: %w", err)
	}
	if _, err := b.newGrant(grant{
		"address", networkContributor, controlPlane.PrincipalId, address.ID().ToStringOutput(),
	}); err != nil {
		return cluster.Ingress{}, err
	}
	if err := b.newRecord(address.IpAddress.Elem()); err != nil {
		return cluster.Ingress{}, fmt.Errorf("creating the record of %s: %w", b.spec.DNS.Host, err)
	}
	return cluster.Ingress{
		Host:      b.spec.DNS.Host,
		Addresses: pulumi.StringArray{address.IpAddress.Elem()}.ToStringArrayOutput(),
		// https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer
		ServiceAnnotations: pulumi.StringMap{
			"service.beta.kubernetes.io/azure-pip-name":                     pulumi.String(name),
			"service.beta.kubernetes.io/azure-load-balancer-resource-group": group.Name,
		},
	}, nil
}

// newRecord lies in a zone of another resource group: <resource group>/<zone>.
func (b *builder) newRecord(address pulumi.StringOutput) error {
	group, zone, _ := strings.Cut(b.spec.DNS.Zone, "/")
	_, err := dns.NewRecordSet(b.ctx, b.name+"-record", &dns.RecordSetArgs{
		ResourceGroupName:     pulumi.String(group),
		ZoneName:              pulumi.String(zone),
		RelativeRecordSetName: pulumi.String(strings.TrimSuffix(b.spec.DNS.Host, "."+zone)),
		RecordType:            pulumi.String("A"),
		Ttl:                   pulumi.Float64(recordSeconds),
		ARecords:              dns.ARecordArray{&dns.ARecordArgs{Ipv4Address: address}},
	}, b.child()...)
	return err
}
