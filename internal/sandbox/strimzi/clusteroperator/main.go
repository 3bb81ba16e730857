// Command clusteroperator is a stand-in for the operator Strimzi beside a sandbox's control plane. It runs no Kafka: it
// marks what is complete as ready, as Strimzi would, says of the rest what is wrong with it, and publishes the
// certificate of an authority that signs nothing, under the name under which Strimzi publishes that of its own.
package main

import (
	"context"

	"k8s.io/client-go/dynamic"

	"github.com/dreamseed/platform/internal/sandbox/controller"
)

func main() {
	controller.Main("Strimzi", func(ctx context.Context, client dynamic.Interface, certificate []byte) error {
		return serve(ctx, client, string(certificate))
	}, watched()...)
}
