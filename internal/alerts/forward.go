package alerts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"

	"github.com/dreamseed/platform/monitoring/prometheus"
)

// patience bounds the whole question, so that a status is never kept waiting by its least part.
const patience = 15 * time.Second

// Reader lists pods.
type Reader interface {
	Read(ctx context.Context, path string, answer any) error
}

// Ask returns the alerts that fire, from the Prometheus in a namespace of a cluster. It goes the way of kubectl
// port-forward: the API server's proxy to Services is another client of the pod, which the network policies refuse.
func Ask(ctx context.Context, config *rest.Config, reader Reader, namespace string) ([]Alert, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pod, err := prometheusPod(ctx, reader, namespace)
	if err != nil {
		return nil, err
	}
	address, stop, err := forward(ctx, config, namespace, pod)
	if err != nil {
		return nil, fmt.Errorf("reaching pod %s: %w", pod, err)
	}
	defer stop()
	// The address is on this machine, so no proxy of the environment is used.
	return Firing(ctx, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+address)
}

// errNoPod means that there is nobody to ask.
var errNoPod = errors.New("no pod of Prometheus is ready")

func prometheusPod(ctx context.Context, reader Reader, namespace string) (string, error) {
	var pods struct {
		Items []struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
			Status struct {
				Conditions []struct {
					Type   string `json:"type"`
					Status string `json:"status"`
				} `json:"conditions"`
			} `json:"status"`
		} `json:"items"`
	}
	selector := url.QueryEscape("app.kubernetes.io/name=" + prometheus.Name)
	path := fmt.Sprintf("/api/v1/namespaces/%s/pods?labelSelector=%s", namespace, selector)
	if err := reader.Read(ctx, path, &pods); err != nil {
		return "", fmt.Errorf("listing the pods of Prometheus: %w", err)
	}
	for _, pod := range pods.Items {
		for _, one := range pod.Status.Conditions {
			if one.Type == "Ready" && one.Status == "True" {
				return pod.Metadata.Name, nil
			}
		}
	}
	return "", errNoPod
}

// forward opens a port of this machine that leads to Prometheus in a pod, until stop.
func forward(ctx context.Context, config *rest.Config, namespace, pod string) (address string, stop func(), err error) {
	dialer, err := newDialer(config, namespace, pod)
	if err != nil {
		return "", nil, err
	}
	stopped, ready := make(chan struct{}), make(chan struct{})
	ports := []string{fmt.Sprintf("0:%d", prometheus.Port)}
	forwarder, err := portforward.NewOnAddresses(dialer, []string{loopback}, ports, stopped, ready, io.Discard, io.Discard)
	if err != nil {
		return "", nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- forwarder.ForwardPorts() }()
	stop = func() { close(stopped) }
	select {
	case <-ctx.Done():
		stop()
		return "", nil, ctx.Err()
	case err := <-ended:
		return "", nil, err
	case <-ready:
	}
	listening, err := forwarder.GetPorts()
	if err != nil {
		stop()
		return "", nil, err
	}
	return fmt.Sprintf("%s:%d", loopback, listening[0].Local), stop, nil
}

const loopback = "127.0.0.1"

// newDialer returns a dialer that prefers WebSockets and falls back to SPDY, as kubectl does: older API servers and
// some proxies know only one of them.
func newDialer(config *rest.Config, namespace, pod string) (httpstream.Dialer, error) {
	base, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, err
	}
	at := base.JoinPath("api/v1/namespaces", namespace, "pods", pod, "portforward")
	transport, upgrader, err := spdy.RoundTripperFor(config)
	if err != nil {
		return nil, err
	}
	former := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, at)
	current, err := portforward.NewSPDYOverWebsocketDialer(at, config)
	if err != nil {
		return nil, err
	}
	return portforward.NewFallbackDialer(current, former, func(err error) bool {
		return httpstream.IsUpgradeFailure(err) || httpstream.IsHTTPSProxyError(err)
	}), nil
}
