package gke

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/compute"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/servicenetworking"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// addressName is the naming rule for a reserved address
// (https://cloud.google.com/compute/docs/naming-resources#resource-name-format).
var addressName = naming.Rule{Length: 63, Separator: "-", HashLength: 6}

// newDataConnection reserves the range of the data stores that Google runs, and connects their network with this one
// (https://cloud.google.com/vpc/docs/private-services-access). It returns nil without a range. Another range is another
// resource: Google does not move what lives in the former, which must not go.
func (b *builder) newDataConnection(vpc *compute.Network) (pulumi.Resource, error) {
	if b.spec.Network.Data == "" {
		return nil, nil
	}
	prefix, err := netip.ParsePrefix(b.spec.Network.Data)
	if err != nil {
		return nil, fmt.Errorf("reading the range of data stores: %w", err)
	}
	name := addressName.WithHash(b.spec.Name+"-data", map[string]string{
		"cluster": b.spec.Identity(), "range": b.spec.Network.Data,
	})
	reserved, err := compute.NewGlobalAddress(b.ctx,
		addressName.WithHash(b.name+"-data-range", map[string]string{"range": b.spec.Network.Data}),
		&compute.GlobalAddressArgs{
			Name:         pulumi.String(name),
			Network:      vpc.ID(),
			Purpose:      pulumi.String("VPC_PEERING"),
			AddressType:  pulumi.String("INTERNAL"),
			Address:      pulumi.String(prefix.Addr().String()),
			PrefixLength: pulumi.Int(prefix.Bits()),
		}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("reserving %s: %w", prefix, err)
	}
	// Google keeps the connection for days after the last store is gone, and refuses to delete it meanwhile
	// (https://cloud.google.com/vpc/docs/configure-private-services-access#removing-connection). It goes with the network.
	return servicenetworking.NewConnection(b.ctx, b.name+"-data-connection", &servicenetworking.ConnectionArgs{
		Network:               vpc.ID(),
		Service:               pulumi.String("servicenetworking.googleapis.com"),
		ReservedPeeringRanges: pulumi.StringArray{reserved.Name},
		DeletionPolicy:        pulumi.String("ABANDON"),
	}, b.kept()...)
}
