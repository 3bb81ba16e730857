package aks

import (
	"fmt"
	"strings"

	locks "github.com/pulumi/pulumi-azure-native-sdk/authorization/v2/v20200501"
	dns "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20180501"
	azure "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240501"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// recordSeconds is the TTL of the address record, and so the duration of a move.
const recordSeconds = 300

// newIngress reserves the environment's address, points its host to it, and lets the control plane attach the address
// to a load balancer. For that the control plane reads all addresses of a resource group
// (https://learn.microsoft.com/azure/aks/static-ip), so this one has a group of its own.
func (b *builder) newIngress(ids *identities) (ingress cluster.PublicAddress, join pulumi.Resource, err error) {
	physical := b.groupName() + "-ingress"
	group, err := b.newGroup(b.name+"-ingress-group", physical)
	if err != nil {
		return cluster.PublicAddress{}, nil, err
	}
	address, err := b.newAddress(b.name+"-address", b.spec.Name+"-ingress", group.Name, b.kept())
	if err != nil {
		return cluster.PublicAddress{}, nil, fmt.Errorf("reserving the ingress address: %w", err)
	}
	if err := b.lock(address); err != nil {
		return cluster.PublicAddress{}, nil, fmt.Errorf("locking the ingress address: %w", err)
	}
	join, err = b.newGrant(b.name+"-ingress-grant", ids.plane.principal(), networkContributor,
		scope{physical, group.ID().ToStringOutput()})
	if err != nil {
		return cluster.PublicAddress{}, nil, err
	}
	for _, record := range b.spec.DNS.Records() {
		if err := b.newRecord(record, address); err != nil {
			return cluster.PublicAddress{}, nil, fmt.Errorf("creating the record of %s: %w", record.Name, err)
		}
	}
	return cluster.PublicAddress{
		Host:      b.spec.DNS.Host,
		Addresses: pulumi.StringArray{address.IpAddress.Elem()}.ToStringArrayOutput(),
		// https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/#loadbalancer-annotations
		ServiceAnnotations: pulumi.StringMap{
			"service.beta.kubernetes.io/azure-load-balancer-resource-group": group.Name,
			"service.beta.kubernetes.io/azure-pip-name":                     address.Name,
		},
	}, join, nil
}

// lock protects the address from deletion by hand, too, because Azure cannot restore an address. There is no lock on
// the cluster: its node pools would inherit it, and none could be replaced any more
// (https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources#lock-inheritance).
func (b *builder) lock(address *azure.PublicIPAddress) error {
	if !b.spec.Protect {
		return nil
	}
	_, err := locks.NewManagementLockByScope(b.ctx, b.name+"-address-lock", &locks.ManagementLockByScopeArgs{
		LockName: pulumi.String("protect"),
		Scope:    address.ID(),
		Level:    pulumi.String("CanNotDelete"),
		Notes:    pulumi.String("Users reach the environment here. cluster.protect: false takes this lock away."),
	}, b.child()...)
	return err
}

// newRecord adds a name to its zone, <resource group>/<zone>. The record's name is relative to the zone.
func (b *builder) newRecord(record cluster.Record, address *azure.PublicIPAddress) error {
	group, zone, _ := strings.Cut(b.spec.DNS.Zone, "/")
	_, err := dns.NewRecordSet(b.ctx, b.name+"-"+record.Role, &dns.RecordSetArgs{
		ResourceGroupName:     pulumi.String(group),
		ZoneName:              pulumi.String(zone),
		RelativeRecordSetName: pulumi.String(strings.TrimSuffix(record.Name, "."+zone)),
		RecordType:            pulumi.String("A"),
		Ttl:                   pulumi.Float64(recordSeconds),
		ARecords:              dns.ARecordArray{&dns.ARecordArgs{Ipv4Address: address.IpAddress}},
	}, b.child()...)
	return err
}
