package config

import "github.com/dreamseed/platform/internal/namespace"

// ServicePods selects the pods of the services. It lists them by name, so that nothing else in their namespace gets the
// same access, and because the VPC CNI opens the address of a Service only to a peer that selects the same pods as the
// Service (getMatchingServiceClusterIPs in
// https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go).
func (c *Config) ServicePods() namespace.Pods {
	var names []string
	for _, service := range c.Services {
		names = append(names, service.Workload())
	}
	return namespace.Named(names...)
}
