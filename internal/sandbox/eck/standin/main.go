// Command standin takes the place of the operator ECK beside a sandbox's control plane. It runs no Elasticsearch and no
// Kibana: it marks each Elasticsearch as healthy, and publishes the certificate of an authority that signs nothing,
// under the name under which ECK publishes that of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/pflag"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

// pause is the time between two looks at what there is.
const pause = time.Second

// manager is the name by which ECK writes. Without it, a drift check would take the Secret for a stranger's.
const manager = "elastic-operator"

var (
	stores = schema.GroupVersionResource{
		Group: "elasticsearch.k8s.elastic.co", Version: "v1", Resource: "elasticsearches",
	}
	secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:gocritic // nothing is left for the deferred call to do
	}
}

func run(ctx context.Context, arguments []string) error {
	set := pflag.NewFlagSet("standin", pflag.ExitOnError)
	kubeconfig := set.String("kubeconfig", "", "the kubeconfig")
	health := set.String("health-addr", "", "the loopback address of health")
	_ = set.Parse(arguments) // it exits on an error
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	certificate, err := authority()
	if err != nil {
		return err
	}
	server := &http.Server{
		Addr: *health, ReadHeaderTimeout: pause,
		Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	for {
		if err := serve(ctx, client, certificate); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, err)
		}
		select {
		case <-ctx.Done():
			return server.Close()
		case err := <-ended:
			return fmt.Errorf("serving health: %w", err)
		case <-time.After(pause):
		}
	}
}

// serve brings every Elasticsearch into the state in which ECK would leave it.
func serve(ctx context.Context, client dynamic.Interface, certificate []byte) error {
	all, err := client.Resource(stores).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing: %w", err)
	}
	var failed []error
	for _, one := range all.Items {
		failed = append(failed, publish(ctx, client, one, certificate), mark(ctx, client, one))
	}
	return errors.Join(failed...)
}

// publish creates the Secret with the certificate. It goes with the resource.
func publish(ctx context.Context, client dynamic.Interface, of unstructured.Unstructured, certificate []byte) error {
	secret := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Secret",
		"metadata":   map[string]any{"name": of.GetName() + "-es-http-certs-public"},
		"stringData": map[string]any{"ca.crt": string(certificate)},
	}}
	secret.SetOwnerReferences([]metav1.OwnerReference{{
		APIVersion: of.GetAPIVersion(), Kind: of.GetKind(), Name: of.GetName(), UID: of.GetUID(),
	}})
	_, err := client.Resource(secrets).Namespace(of.GetNamespace()).Create(ctx, secret,
		metav1.CreateOptions{FieldManager: manager})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("publishing the certificate of %s: %w", of.GetName(), err)
	}
	return nil
}

// mark says that the resource is healthy in its current generation.
func mark(ctx context.Context, client dynamic.Interface, of unstructured.Unstructured) error {
	seen, _, _ := unstructured.NestedInt64(of.Object, "status", "observedGeneration") // 0 before the first look
	if seen == of.GetGeneration() {
		return nil
	}
	patch := fmt.Sprintf(`{"status":{"health":"green","phase":"Ready","observedGeneration":%d}}`, of.GetGeneration())
	_, err := client.Resource(stores).Namespace(of.GetNamespace()).Patch(
		ctx, of.GetName(), types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: manager}, "status")
	if err != nil {
		return fmt.Errorf("marking %s: %w", of.GetName(), err)
	}
	return nil
}
