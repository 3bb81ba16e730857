package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/dns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// recordSeconds is the TTL of the address record, and so the duration of a move.
const recordSeconds = 300

// newIngress reserves the environment's address, and points its names to it.
func (b *builder) newIngress() (cluster.PublicAddress, error) {
	address, err := compute.NewAddress(b.ctx, b.name+"-address", &compute.AddressArgs{
		Name:        pulumi.String(b.spec.Name + "-ingress"),
		Region:      pulumi.String(b.spec.Region),
		AddressType: pulumi.String("EXTERNAL"),
		NetworkTier: pulumi.String("PREMIUM"),
	}, b.kept()...)
	if err != nil {
		return cluster.PublicAddress{}, fmt.Errorf("reserving the ingress address: %w", err)
	}
	for _, record := range b.spec.DNS.Records() {
		_, err = dns.NewRecordSet(b.ctx, b.name+"-"+record.Role, &dns.RecordSetArgs{
			ManagedZone: pulumi.String(b.spec.DNS.Zone),
			Name:        pulumi.String(record.Name + "."),
			Type:        pulumi.String("A"),
			Ttl:         pulumi.Int(recordSeconds),
			Rrdatas:     pulumi.StringArray{address.Address},
		}, b.child()...)
		if err != nil {
			return cluster.PublicAddress{}, fmt.Errorf("creating the record of %s: %w", record.Name, err)
		}
	}
	return cluster.PublicAddress{
		Host:      b.spec.DNS.Host,
		Addresses: pulumi.StringArray{address.Address}.ToStringArrayOutput(),
		// https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
		ServiceAnnotations: pulumi.StringMap{
			"cloud.google.com/l4-rbs":                      pulumi.String("enabled"),
			"networking.gke.io/load-balancer-ip-addresses": address.Name,
		},
	}, nil
}
