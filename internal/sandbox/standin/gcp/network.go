package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

const links = "https://www.googleapis.com/compute/v1/"

func network() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:compute/network:Network": {
			Source:   page("compute_network"),
			Inputs:   []string{"name", "autoCreateSubnetworks", "routingMode"},
			Required: []string{"name"},
			Replaces: []string{"name", "autoCreateSubnetworks"},
			ID:       standin.Text("projects/{project}/global/networks/{name}"),
			Outputs: map[string]standin.Value{
				"selfLink": standin.Text(links + "projects/{project}/global/networks/{name}"),
				"project":  standin.Text("{project}"),
			},
		},
		"gcp:compute/subnetwork:Subnetwork": {
			Source: page("compute_subnetwork"),
			Inputs: []string{
				"name", "network", "region", "ipCidrRange", "privateIpGoogleAccess",
				"secondaryIpRanges.rangeName", "secondaryIpRanges.ipCidrRange",
				"logConfig.aggregationInterval", "logConfig.flowSampling", "logConfig.metadata",
			},
			Required: []string{"name", "network", "ipCidrRange"},
			// A range that only grows could change in place; the platform gives the subnet another name in that case.
			Replaces: []string{"name", "network", "region", "ipCidrRange"},
			ID:       standin.Text("projects/{project}/regions/{region}/subnetworks/{name}"),
			Outputs: map[string]standin.Value{
				"selfLink": standin.Text(links + "projects/{project}/regions/{region}/subnetworks/{name}"),
			},
		},
		"gcp:compute/globalAddress:GlobalAddress": {
			Source:   page("compute_global_address"),
			Inputs:   []string{"name", "network", "purpose", "addressType", "address", "prefixLength"},
			Required: []string{"name"},
			Replaces: []string{"name", "network", "purpose", "addressType", "address", "prefixLength"},
			ID:       standin.Text("projects/{project}/global/addresses/{name}"),
		},
		"gcp:servicenetworking/connection:Connection": {
			Source:   page("service_networking_connection"),
			Inputs:   []string{"network", "service", "reservedPeeringRanges", "deletionPolicy"},
			Required: []string{"network", "service", "reservedPeeringRanges"},
			Replaces: []string{"network", "service"},
			ID:       standin.Text("{network}:{service}"),
		},
		"gcp:compute/router:Router": {
			Source:   page("compute_router"),
			Inputs:   []string{"name", "network", "region"},
			Required: []string{"name", "network"},
			Replaces: []string{"name", "network", "region"},
			ID:       standin.Text("projects/{project}/regions/{region}/routers/{name}"),
		},
		"gcp:compute/routerNat:RouterNat": {
			Source: page("compute_router_nat"),
			Inputs: []string{
				"name", "router", "region", "natIpAllocateOption", "sourceSubnetworkIpRangesToNat", "logConfig.enable",
				"logConfig.filter", "enableDynamicPortAllocation", "minPortsPerVm", "maxPortsPerVm",
				"enableEndpointIndependentMapping",
			},
			Required: []string{"router", "sourceSubnetworkIpRangesToNat"},
			Replaces: []string{"name", "router", "region"},
			ID:       standin.Text("{project}/{region}/{router}/{name}"),
		},
	}
}
