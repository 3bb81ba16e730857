package secrets

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// external is the backend for External Secrets (https://external-secrets.io). It reads values from the secret manager,
// with an identity that may read the secrets of one service only, and generates passwords.
type external struct {
	spec           *cluster.Spec
	newReader      cluster.SecretReaderBuilder
	refreshSeconds int
}

// External returns the backend that reads from the secret manager beside the cluster. A changed value reaches the
// Secret within refreshSeconds; a value that is deleted there stays in the Secret.
func External(spec *cluster.Spec, target *cluster.Cluster, refreshSeconds int) Backend {
	return &external{spec, target.NewSecretReader, refreshSeconds}
}

// NewSecrets registers one ExternalSecret for each key, and a SecretStore if any key is read from the secret manager.
func (e *external) NewSecrets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	return newSecrets(ctx, name, args, func(s *Secrets, child ...pulumi.ResourceOption) error {
		isGenerated := func(key string) bool { return args.Sources[key].Generate > 0 }
		store, err := e.newStore(ctx, name, args, slices.DeleteFunc(args.keys(), isGenerated), child...)
		if err != nil {
			return err
		}
		for _, key := range args.keys() {
			source := e.read
			if isGenerated(key) {
				source = e.generate
			}
			from, err := source(ctx, name, args, key, store, child...)
			if err != nil {
				return fmt.Errorf("preparing %s: %w", key, err)
			}
			secret, err := newExternalSecret(ctx, args, from, append(child, pulumi.DependsOn([]pulumi.Resource{from.first}))...)
			if err != nil {
				return err
			}
			s.add(from.object, key, secret)
		}
		return nil
	}, opts...)
}

// origin describes the source of a value. The origins of one key differ in their logical and physical names: when one
// takes over from another, neither the status nor the Secret of the former can be mistaken for the new one's.
type origin struct {
	// name is the logical name, object the name of the ExternalSecret and of its Secret.
	name, object string
	// spec describes the source of the value, target how it is written.
	spec, target pulumi.Map
	// annotations are additional annotations of the ExternalSecret.
	annotations pulumi.StringMap
	// first must exist before the value is requested.
	first pulumi.Resource
}

// read returns the origin of a value in the secret manager. The Secret is deleted with its ExternalSecret and only
// then: deleting the value in the secret manager does not take down its users.
func (e *external) read(
	_ *pulumi.Context, name string, args *Args, key string, from *store, _ ...pulumi.ResourceOption,
) (*origin, error) {
	value := externalsecret.Value(key, e.spec.SecretName(args.Owner.Name, key), from.property)
	return &origin{
		name: name + "-read-" + key, object: args.Owner.ReadSecret(key),
		spec:        externalsecret.FromStore(from.name, e.refreshInterval(), value),
		target:      pulumi.Map{"creationPolicy": pulumi.String("Owner")},
		annotations: args.release(),
		first:       from.resource,
	}, nil
}

// refreshInterval formats the interval as the operator writes it back when it adds its finalizer (v0.20.4,
// pkg/controllers/externalsecret/externalsecret_controller.go). Any other format would make the operator change the
// field and own it from then on, and the next preview would end in a conflict.
func (e *external) refreshInterval() string {
	return (time.Duration(e.refreshSeconds) * time.Second).String()
}

// newExternalSecret registers an ExternalSecret, from which the operator writes a Secret of the same name.
func newExternalSecret(
	ctx *pulumi.Context, args *Args, from *origin, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	awaited, deadline := args.await("Ready")
	spec := pulumi.Map{
		"target": externalsecret.Target(from.object, externalsecret.Template(args.secretLabels()), from.target),
	}
	maps.Copy(spec, from.spec)
	meta := args.metadata(from.object, kube.With(awaited, from.annotations))
	secret, err := kube.NewCustomResource(ctx, from.name, externalsecret.Kind, meta, spec,
		append(opts, deadline)...)
	if err != nil {
		return nil, fmt.Errorf("creating external secret %s: %w", from.object, err)
	}
	return secret, nil
}
