package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

// routes has the gateways and routes out of a network, and their addresses.
func routes() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:ec2/eip:Eip": {
			Source:   page("eip"),
			Inputs:   []string{"domain", "tags.*"},
			Replaces: []string{"domain"},
			ID:       standin.Text("eipalloc-{serial}"),
			Outputs: map[string]standin.Value{
				"allocationId": standin.Text("{id}"),
				"publicIp":     standin.Constant("203.0.113.20"),
			},
		},
		"aws:ec2/natGateway:NatGateway": {
			Source:   page("nat_gateway"),
			Inputs:   []string{"subnetId", "allocationId", "tags.*"},
			Required: []string{"subnetId"},
			Replaces: []string{"subnetId", "allocationId"},
			ID:       standin.Text("nat-{serial}"),
		},
		"aws:ec2/routeTable:RouteTable": {
			Source:   page("route_table"),
			Inputs:   []string{"vpcId", "routes.cidrBlock", "routes.gatewayId", "routes.natGatewayId", "tags.*"},
			Required: []string{"vpcId"},
			Replaces: []string{"vpcId"},
			ID:       standin.Text("rtb-{serial}"),
		},
		"aws:ec2/routeTableAssociation:RouteTableAssociation": {
			Source:   page("route_table_association"),
			Inputs:   []string{"subnetId", "routeTableId"},
			Required: []string{"routeTableId"},
			Replaces: []string{"subnetId"},
			ID:       standin.Text("rtbassoc-{serial}"),
		},
	}
}
