package networktest

import (
	"fmt"
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// World is a cluster and its surroundings, as far as connections are concerned.
type World struct {
	// Namespaces maps the names of the namespaces to their labels.
	Namespaces map[string]labels.Set
	// Policies are all policies of the cluster.
	Policies []networkingv1.NetworkPolicy
	// Pods have addresses of their own. One address stands for all pods of a workload.
	Pods []Host
	// Services are the Services with an address in the cluster.
	Services []Service
	// Balancers are public addresses that lead to pods of the cluster.
	Balancers []Service
	// NodeCache stands for the pods of the DNS cache on every node, if the engine redirects queries to it. Optional.
	NodeCache *Host
}

// Host is one side of a connection: a pod, or anything else with an address.
type Host struct {
	// Name is used in messages.
	Name string
	// Namespace is the namespace of a pod. Empty for other hosts.
	Namespace string
	// Labels are the labels of a pod.
	Labels labels.Set
	// Address is the host's own address.
	Address netip.Addr
	// Node distinguishes a node of the cluster from hosts outside.
	Node bool
}

// Pod reports whether the host is a pod of the cluster's own network.
func (h Host) Pod() bool { return h.Namespace != "" }

// Service is an address that stands for pods.
type Service struct {
	Namespace string
	Address   netip.Addr
	// Selector selects the pods in the namespace. Empty if the address leads out of the cluster, to Outside.
	Selector labels.Set
	Outside  netip.Addr
	// Ports maps the ports of the address to those of the pods.
	Ports map[int]int
}

// Protocol is the protocol of a port.
type Protocol string

// The protocols that policies distinguish.
const (
	TCP Protocol = "TCP"
	UDP Protocol = "UDP"
)

// Connection is an attempt to connect to an address.
type Connection struct {
	From     Host
	To       netip.Addr
	Port     int
	Protocol Protocol
}

// pod returns the pod with an address, and whether there is one.
func (w *World) pod(address netip.Addr) (Host, bool) {
	for _, pod := range w.Pods {
		if pod.Address == address {
			return pod, true
		}
	}
	return Host{}, false
}

// host returns the owner of an address: a pod, or something outside.
func (w *World) host(address netip.Addr) Host {
	if pod, is := w.pod(address); is {
		return pod
	}
	return Host{Name: address.String(), Address: address}
}

// leading returns the service with an address, and whether there is one.
func leading(services []Service, address netip.Addr) (Service, bool) {
	for _, service := range services {
		if service.Address == address {
			return service, true
		}
	}
	return Service{}, false
}

// translated returns the connection with the address of a pod behind the service, and whether it arrives.
func (w *World) translated(c Connection, by Service) (Connection, bool) {
	port, open := by.Ports[c.Port]
	if !open {
		return Connection{}, false
	}
	c.Port = port
	if len(by.Selector) == 0 {
		c.To = by.Outside
		return c, by.Outside.IsValid()
	}
	for _, pod := range w.Pods {
		if pod.Namespace == by.Namespace && by.Selector.AsSelector().Matches(pod.Labels) {
			c.To = pod.Address
			return c, true
		}
	}
	return Connection{}, false
}

// String formats a connection for messages.
func (c Connection) String() string {
	return fmt.Sprintf("%s -> %s:%d/%s", c.From.Name, c.To, c.Port, c.Protocol)
}
