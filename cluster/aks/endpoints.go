package aks

import "github.com/dreamseed/platform/cluster"

// https is the port of Entra.
const https = 443

// identityEndpoints returns the addresses of Entra, which exchanges a token of the cluster for one of its own at
// login.microsoftonline.com (https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges, row 56).
func identityEndpoints() []cluster.Endpoint {
	var all []cluster.Endpoint
	for _, cidr := range []string{"20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"} {
		all = append(all, cluster.Endpoint{CIDR: cidr, TCP: []int{https}})
	}
	return all
}
