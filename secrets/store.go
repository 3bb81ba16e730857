package secrets

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// store is a service's SecretStore.
type store struct {
	// name is the physical name.
	name string
	// property is the part of each secret in the secret manager that holds its value. Empty if the whole secret is the
	// value.
	property string
	resource pulumi.Resource
}

// newStore registers the SecretStore for the keys that are read, and its service account. No pod runs as that account,
// so no pod can read the secret manager. The engine waits until the operator has validated the store. Without keys to
// read, newStore registers nothing.
func (e *external) newStore(
	ctx *pulumi.Context, name string, args *Args, keys []string, child ...pulumi.ResourceOption,
) (*store, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	physical := args.Owner.store()
	reader, err := e.newReader(ctx, name+"-reader", &cluster.SecretReaderArgs{
		Namespace:      args.Namespace,
		ServiceAccount: physical,
		Names:          e.names(args.Owner.Name, keys),
		Prefix:         e.spec.SecretPrefix(args.Owner.Name),
	})
	if err != nil {
		return nil, fmt.Errorf("giving the reader an identity: %w", err)
	}
	account, err := corev1.NewServiceAccount(ctx, name+"-account", &corev1.ServiceAccountArgs{
		Metadata:                     args.metadata(physical, reader.Annotations),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, child...)
	if err != nil {
		return nil, fmt.Errorf("creating the reader's service account: %w", err)
	}
	awaited, deadline := args.await("Ready")
	first := append([]pulumi.Resource{account}, reader.Ready...)
	resource, err := kube.NewCustomResource(ctx, name+"-store", externalsecret.StoreKind, args.metadata(physical, awaited),
		pulumi.Map{"provider": reader.StoreProvider}, append(child, deadline, pulumi.DependsOn(first))...)
	if err != nil {
		return nil, fmt.Errorf("creating the secret store: %w", err)
	}
	return &store{physical, reader.Property, resource}, nil
}

func (e *external) names(service string, keys []string) []string {
	var names []string
	for _, key := range keys {
		names = append(names, e.spec.SecretName(service, key))
	}
	return names
}
