package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/dreamseed/platform/internal/sandbox/cloudnativepg"
)

// statusPath is the path at which the operator asks for the state of an instance.
const statusPath = "/pg/status"

// serve answers for every instance, at one address.
func (i *instances) serve(address string, ended chan<- error) *http.Server {
	server := &http.Server{Addr: address, ReadHeaderTimeout: time.Second, Handler: i.handler(), TLSConfig: i.tls()}
	go func() { ended <- server.ListenAndServeTLS("", "") }()
	return server
}

func (i *instances) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+statusPath, i.answer)
	return mux
}

func (i *instances) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, GetCertificate: i.certificate}
}

var errNoInstance = errors.New("no instance of PostgreSQL runs at this address")

// at returns the running instance with an address, and its cluster.
func (i *instances) at(ctx context.Context, address string) (*instance, cluster, error) {
	found, err := list[instance](ctx, i.api, pods, "", metav1.ListOptions{
		LabelSelector: instanceLabels, FieldSelector: fields.OneTermEqualSelector("status.podIP", address).String(),
	})
	if err != nil {
		return nil, cluster{}, err
	}
	for k := range found {
		if ready(&found[k]) {
			in, err := get[cluster](ctx, i.api, clusters, found[k].Namespace, found[k].Labels[clusterLabel])
			return &found[k], in, err
		}
	}
	return nil, cluster{}, fmt.Errorf("%s: %w", address, errNoInstance)
}

// certificate returns the certificate of the cluster that the instance of that name belongs to.
func (i *instances) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	_, in, err := i.at(hello.Context(), strings.TrimSuffix(hello.ServerName, cloudnativepg.PodDomain))
	if err != nil {
		return nil, err
	}
	secret, err := get[corev1.Secret](hello.Context(), i.api, secrets, in.Namespace, in.Name+"-server")
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(secret.Data["tls.crt"], secret.Data["tls.key"])
	if err != nil {
		return nil, fmt.Errorf("reading the certificate of cluster %s: %w", in.Name, err)
	}
	return &pair, nil
}

// answer tells the state of the instance with the address that was asked for.
func (i *instances) answer(w http.ResponseWriter, r *http.Request) {
	answer, err := i.state(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the operator asks again
}

func (i *instances) state(r *http.Request) (status, error) {
	address, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		return status{}, fmt.Errorf("reading the address that was asked for: %w", err)
	}
	pod, in, err := i.at(r.Context(), address)
	if err != nil {
		return status{}, err
	}
	settings, known := i.settings(pod.UID)
	if !known || in.Status.OperatorHash == "" {
		return status{}, fmt.Errorf("%s is starting", pod.Name)
	}
	running, err := list[instance](r.Context(), i.api, pods, in.Namespace, metav1.ListOptions{
		LabelSelector: instanceLabels + "," + clusterLabel + "=" + in.Name,
	})
	if err != nil {
		return status{}, err
	}
	return statusOf(pod, in, settings, ready(named(running, in.Status.CurrentPrimary))), nil
}
