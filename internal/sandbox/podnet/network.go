// Package podnet is the pod network of a sandbox: an HTTP proxy that knows the simulated pods by their addresses and
// the Services by their names. A program that uses the proxy reaches the targets of production under their own
// addresses; the proxy answers as the pod, or hands on to the real process that stands behind it.
//
// Only plain HTTP passes. The API server and the simulated kubelets serve HTTPS on loopback, and need no proxy.
package podnet

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	corev1 "k8s.io/api/core/v1"
)

// Answer returns the handler of a port of a pod, or nil if it does not answer there. The pod must not be changed.
type Answer func(pod *corev1.Pod, port int) http.Handler

// Network is the proxy. Nothing but a port that a running pod declares is reached, as if every other connection were
// refused: the answer is then 502 with the reason.
type Network struct {
	directory Directory

	lock    sync.RWMutex
	answers []Answer
}

// New returns the network of the pods and Services in a directory, in which nothing answers yet.
func New(directory Directory) *Network { return &Network{directory: directory} }

// Connect adds answers. The newest one that has a handler answers.
func (n *Network) Connect(answers ...Answer) {
	n.lock.Lock()
	defer n.lock.Unlock()
	n.answers = append(n.answers, answers...)
}

// ServeHTTP answers a request that has the whole URL, as a client sends it to a proxy
// (https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2). It refuses tunnels: nobody could answer inside of one.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		http.Error(w, "the pod network of the sandbox has no tunnels", http.StatusMethodNotAllowed)
		return
	case !r.URL.IsAbs():
		http.Error(w, "the pod network of the sandbox is a proxy", http.StatusBadRequest)
		return
	}
	handler, err := n.handler(r.URL.Host)
	if err != nil {
		http.Error(w, fmt.Sprintf("reaching %s: %v", r.URL.Host, err), http.StatusBadGateway)
		return
	}
	handler.ServeHTTP(w, r)
}

// handler returns what answers at a host and port.
func (n *Network) handler(host string) (http.Handler, error) {
	at, err := parse(host)
	if err != nil {
		return nil, err
	}
	pod, port, err := n.find(at)
	if err != nil {
		return nil, err
	}
	if !declares(pod, port) {
		return nil, fmt.Errorf("pod %s/%s declares no port %d", pod.Namespace, pod.Name, port)
	}
	n.lock.RLock()
	defer n.lock.RUnlock()
	for i := len(n.answers) - 1; i >= 0; i-- {
		if handler := n.answers[i](pod, port); handler != nil {
			return handler, nil
		}
	}
	return nil, fmt.Errorf("nothing answers for port %d of pod %s/%s", port, pod.Namespace, pod.Name)
}

var errUnknown = errors.New("no running pod and no Service has this address")

// find returns the pod, and the port of the pod, behind a target.
func (n *Network) find(at target) (*corev1.Pod, int, error) {
	if pod := n.directory.Pod(at.host); pod != nil {
		return pod, at.port, nil
	}
	service := n.service(at)
	if service == nil {
		return nil, 0, errUnknown
	}
	ip, port, err := endpoint(service, n.directory.Slices(service.Namespace, service.Name), at.port)
	if err != nil {
		return nil, 0, fmt.Errorf("service %s/%s: %w", service.Namespace, service.Name, err)
	}
	if pod := n.directory.Pod(ip); pod != nil {
		return pod, port, nil
	}
	return nil, 0, fmt.Errorf("service %s/%s: %s is no running pod", service.Namespace, service.Name, ip)
}

// service returns the Service with a name or an address, or nil.
func (n *Network) service(at target) *corev1.Service {
	if namespace, name, ok := at.service(); ok {
		return n.directory.Service(namespace, name)
	}
	return n.directory.ServiceByIP(at.host)
}

// declares reports whether a container of the pod declares the port.
func declares(pod *corev1.Pod, port int) bool {
	for _, container := range pod.Spec.Containers {
		for _, declared := range container.Ports {
			if int(declared.ContainerPort) == port && isTCP(declared.Protocol) {
				return true
			}
		}
	}
	return false
}

// isTCP reports whether a protocol is TCP, which is the default.
func isTCP(protocol corev1.Protocol) bool { return protocol == corev1.ProtocolTCP || protocol == "" }
