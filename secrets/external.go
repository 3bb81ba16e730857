package secrets

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
)

// external is External Secrets (https://external-secrets.io): it reads values where they are kept, as an identity that
// may read those of one service, and draws passwords.
type external struct {
	spec           *cluster.Spec
	newReader      cluster.SecretReaderBuilder
	refreshSeconds int
}

// External is the backend that reads from the secret manager beside the cluster. A changed value is in the Secret
// within refreshSeconds; a value that is gone there stays in the Secret.
func External(spec *cluster.Spec, target *cluster.Cluster, refreshSeconds int) Backend {
	return &external{spec, target.NewSecretReader, refreshSeconds}
}

// The kinds of External Secrets.
var (
	storeKind    = kube.Kind{APIVersion: "external-secrets.io/v1", Name: "SecretStore"}
	externalKind = kube.Kind{APIVersion: "external-secrets.io/v1", Name: "ExternalSecret"}
	passwordKind = kube.Kind{APIVersion: "generators.external-secrets.io/v1alpha1", Name: "Password"}
)

// NewSecrets registers one ExternalSecret for each key, and the way to the secret manager where one is read from there.
func (e *external) NewSecrets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	return newSecrets(ctx, name, args, func(s *Secrets, child ...pulumi.ResourceOption) error {
		drawn := func(key string) bool { return args.Service.Secrets[key].Generate > 0 }
		store, err := e.newStore(ctx, name, args, slices.DeleteFunc(args.Service.SecretKeys(), drawn), child...)
		if err != nil {
			return err
		}
		for _, key := range args.Service.SecretKeys() {
			source := e.read
			if drawn(key) {
				source = e.draw
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

// origin is where a value comes from. Those of one key have different names, logical and physical ones: when one takes
// over from another, neither the status nor the Secret of the former is taken for the new one's.
type origin struct {
	// name is the logical name, object that of the ExternalSecret and of its Secret.
	name, object string
	// spec is how the value is had, and target what is done with it.
	spec, target pulumi.Map
	// annotations are further ones of the ExternalSecret.
	annotations pulumi.StringMap
	// first must exist before it is asked for the value.
	first pulumi.Resource
}

// read is how a value is read. What the API server would fill in stands there, too, so that it is no drift. The Secret
// goes with its ExternalSecret, and only with it: a value that is deleted where it is kept does not take down who uses
// it.
func (e *external) read(
	_ *pulumi.Context, name string, args *Args, key string, from *store, _ ...pulumi.ResourceOption,
) (*origin, error) {
	ref := pulumi.Map{
		"key":                pulumi.String(e.spec.SecretName(args.Service.Name, key)),
		"conversionStrategy": pulumi.String("Default"),
		"decodingStrategy":   pulumi.String("None"),
		"metadataPolicy":     pulumi.String("None"),
	}
	if from.property != "" {
		ref["property"] = pulumi.String(from.property)
	}
	return &origin{
		name: name + "-read-" + key, object: args.Service.ReadObject(key),
		spec: pulumi.Map{
			"refreshInterval": pulumi.String(e.refreshInterval()),
			"secretStoreRef":  pulumi.Map{"kind": pulumi.String("SecretStore"), "name": pulumi.String(from.name)},
			"data":            pulumi.Array{pulumi.Map{"secretKey": pulumi.String(key), "remoteRef": ref}},
		},
		target:      pulumi.Map{"creationPolicy": pulumi.String("Owner")},
		annotations: args.release(),
		first:       from.resource,
	}, nil
}

// refreshInterval is written as the operator writes it back when it adds its finalizer (v0.20.4,
// pkg/controllers/externalsecret/externalsecret_controller.go). In another form it would have changed the field, which
// would be its own from then on, and the next preview would end in a conflict.
func (e *external) refreshInterval() string {
	return (time.Duration(e.refreshSeconds) * time.Second).String()
}

// newExternalSecret registers what the operator writes a Secret of the same name from.
func newExternalSecret(
	ctx *pulumi.Context, args *Args, from *origin, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	awaited, deadline := args.await("Ready")
	target := pulumi.Map{
		"name":           pulumi.String(from.object),
		"deletionPolicy": pulumi.String("Retain"),
		// Without one, the Secret would get the annotations that the engine goes by.
		"template": pulumi.Map{
			"engineVersion": pulumi.String("v2"),
			"mergePolicy":   pulumi.String("Replace"),
			"type":          pulumi.String("Opaque"),
			"metadata":      pulumi.Map{"labels": args.secretLabels()},
		},
	}
	maps.Copy(target, from.target)
	spec := pulumi.Map{"target": target}
	maps.Copy(spec, from.spec)
	meta := args.metadata(from.object, kube.With(awaited, from.annotations))
	secret, err := kube.NewCustomResource(ctx, from.name, externalKind, meta, spec,
		append(opts, deadline)...)
	if err != nil {
		return nil, fmt.Errorf("creating external secret %s: %w", from.object, err)
	}
	return secret, nil
}
