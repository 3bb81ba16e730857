package podnet

import (
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// OfWorkload returns an answer at a port of the pods that have these labels.
func OfWorkload(of map[string]string, port int, handler func(pod *corev1.Pod) http.Handler) Answer {
	selector := labels.SelectorFromSet(maps.Clone(of))
	return func(pod *corev1.Pod, asked int) http.Handler {
		if asked != port || !selector.Matches(labels.Set(pod.Labels)) {
			return nil
		}
		return handler(pod)
	}
}

// Forward returns a handler that hands requests on to a process at a host and port of this machine. The process sees
// the host that the client asked for.
func Forward(address string) http.Handler {
	to := &url.URL{Scheme: "http", Host: address}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		// The proxy of the environment may be this network.
		Transport: &http.Transport{Proxy: nil},
	}
}
