// Command standin takes the place of the operator ECK beside a sandbox's control plane. It runs no Elasticsearch and no
// Kibana: it marks each Elasticsearch as healthy, and publishes the certificate of an authority that signs nothing,
// under the name under which ECK publishes that of its own.
package main

import (
	"context"
	"errors"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/dreamseed/platform/internal/sandbox/controller"
)

// manager is the name by which ECK writes.
const manager = "elastic-operator"

var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

var stores = schema.GroupVersionResource{
	Group: "elasticsearch.k8s.elastic.co", Version: "v1", Resource: "elasticsearches",
}

func main() {
	controller.Main("ECK", func(ctx context.Context, client dynamic.Interface, certificate []byte) error {
		return serve(ctx, controller.Writer{Client: client, Manager: manager}, certificate)
	}, watched()...)
}

// watched are the kinds whose objects decide what is written.
func watched() []controller.Kind {
	return []controller.Kind{{GroupVersionResource: stores}, {GroupVersionResource: secrets}}
}

// serve brings every Elasticsearch into the state in which ECK would leave it.
func serve(ctx context.Context, writer controller.Writer, certificate []byte) error {
	all, err := writer.Client.Resource(stores).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing: %w", err)
	}
	var failed []error
	for _, one := range all.Items {
		failed = append(failed,
			writer.Publish(ctx, one, one.GetName()+"-es-http-certs-public", map[string]any{"ca.crt": string(certificate)}),
			mark(ctx, writer, one))
	}
	return errors.Join(failed...)
}

// mark says that the resource is healthy in its current generation.
func mark(ctx context.Context, writer controller.Writer, of unstructured.Unstructured) error {
	if controller.Seen(of) {
		return nil
	}
	return writer.Mark(ctx, stores, of, map[string]any{"health": "green", "phase": "Ready"})
}
