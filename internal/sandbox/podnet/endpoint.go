package podnet

import (
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

var errNoEndpoint = errors.New("it has no ready endpoint")

// endpoint returns the address of a ready pod behind a port of a Service. It is the same pod for every request while
// the endpoints stay the same, as session affinity makes it for a single client.
func endpoint(
	service *corev1.Service, known []*discoveryv1.EndpointSlice, port int,
) (ip string, targetPort int, err error) {
	name, err := portName(service, port)
	if err != nil {
		return "", 0, err
	}
	ready := map[string]int{}
	for _, slice := range known {
		for _, ip := range readyAddresses(slice) {
			if number := portNumber(slice, name); number != 0 {
				ready[ip] = number
			}
		}
	}
	if len(ready) == 0 {
		return "", 0, errNoEndpoint
	}
	first := ""
	for ip := range ready {
		if first == "" || ip < first {
			first = ip
		}
	}
	return first, ready[first], nil
}

// portName returns the name of a Service's port, by which its EndpointSlices know it.
func portName(service *corev1.Service, port int) (string, error) {
	at := slices.IndexFunc(service.Spec.Ports, func(p corev1.ServicePort) bool {
		return int(p.Port) == port && isTCP(p.Protocol)
	})
	if at < 0 {
		return "", fmt.Errorf("it has no port %d", port)
	}
	return service.Spec.Ports[at].Name, nil
}

// portNumber returns the pods' port of that name, or 0.
func portNumber(slice *discoveryv1.EndpointSlice, name string) int {
	for _, port := range slice.Ports {
		if port.Name != nil && *port.Name == name && port.Port != nil {
			return int(*port.Port)
		}
	}
	return 0
}

// readyAddresses returns the addresses of a slice that are ready. An endpoint without the condition counts as ready
// (https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/).
func readyAddresses(slice *discoveryv1.EndpointSlice) []string {
	var ready []string
	for _, one := range slice.Endpoints {
		if one.Conditions.Ready == nil || *one.Conditions.Ready {
			ready = append(ready, one.Addresses...)
		}
	}
	return ready
}
