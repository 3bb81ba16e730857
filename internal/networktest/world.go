package networktest

import (
	"fmt"
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// World is a cluster and what lies around it, as far as connections go.
type World struct {
	// Namespaces are the labels of the namespaces, by name.
	Namespaces map[string]labels.Set
	// Policies are all of the cluster.
	Policies []networkingv1.NetworkPolicy
	// Pods have addresses of their own. One address stands for all pods of a workload.
	Pods []Host
	// Services are those that have an address in the cluster.
	Services []Service
	// Balancers are public addresses that lead to pods of the cluster.
	Balancers []Service
	// NodeCache are the pods of the name server's cache on every node, where the engine leads questions to it. Optional.
	NodeCache *Host
}

// Host is one side of a connection: a pod, or anything else with an address.
type Host struct {
	// Name is for people.
	Name string
	// Namespace is that of a pod. Empty for what is no pod.
	Namespace string
	// Labels are those of a pod.
	Labels labels.Set
	// Address is its own.
	Address netip.Addr
	// Node tells a node of the cluster from what is outside.
	Node bool
}

// Pod reports whether the host is a pod of the cluster's own network.
func (h Host) Pod() bool { return h.Namespace != "" }

// Service is an address that stands for pods.
type Service struct {
	Namespace string
	Address   netip.Addr
	// Selector selects the pods in the namespace. Empty where the address leads out of the cluster, to Outside.
	Selector labels.Set
	Outside  netip.Addr
	// Ports are the pods' ports by those of the address.
	Ports map[int]int
}

// Protocol is that of a port.
type Protocol string

// The protocols that policies tell apart.
const (
	TCP Protocol = "TCP"
	UDP Protocol = "UDP"
)

// Connection is somebody's wish to talk with an address.
type Connection struct {
	From     Host
	To       netip.Addr
	Port     int
	Protocol Protocol
}

// pod is the pod with an address, and whether there is one.
func (w *World) pod(address netip.Addr) (Host, bool) {
	for _, pod := range w.Pods {
		if pod.Address == address {
			return pod, true
		}
	}
	return Host{}, false
}

// host is what has an address: a pod, or something outside.
func (w *World) host(address netip.Addr) Host {
	if pod, is := w.pod(address); is {
		return pod
	}
	return Host{Name: address.String(), Address: address}
}

// leading finds the service of an address, and whether there is one.
func leading(services []Service, address netip.Addr) (Service, bool) {
	for _, service := range services {
		if service.Address == address {
			return service, true
		}
	}
	return Service{}, false
}

// translated is where a connection to a service arrives, and whether it does.
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

// String is a connection for people.
func (c Connection) String() string {
	return fmt.Sprintf("%s -> %s:%d/%s", c.From.Name, c.To, c.Port, c.Protocol)
}
