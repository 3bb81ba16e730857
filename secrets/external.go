package secrets

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
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

const externalVersion = "external-secrets.io/v1"

// NewSecrets registers one ExternalSecret for all values that are read, and one for each that is drawn.
func (e *external) NewSecrets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	return newSecrets(ctx, name, args, func(s *Secrets, child ...pulumi.ResourceOption) error {
		isDrawn := func(key string) bool { return args.Service.Secrets[key].Generate > 0 }
		if read := slices.DeleteFunc(args.Service.SecretKeys(), isDrawn); len(read) > 0 {
			if err := e.read(ctx, name, args, s, read, child...); err != nil {
				return err
			}
		}
		for _, key := range args.Service.SecretKeys() {
			if !isDrawn(key) {
				continue
			}
			if err := e.draw(ctx, name, args, s, key, child...); err != nil {
				return fmt.Errorf("drawing %s: %w", key, err)
			}
		}
		return nil
	}, opts...)
}

// read has the operator write the values of the keys into one Secret.
func (e *external) read(
	ctx *pulumi.Context, name string, args *Args, s *Secrets, keys []string, child ...pulumi.ResourceOption,
) error {
	names := map[string]string{}
	for _, key := range keys {
		names[key] = e.spec.SecretName(args.Service.Name, key)
	}
	reader, account, err := e.newAccount(ctx, name, args, slices.Sorted(maps.Values(names)), child...)
	if err != nil {
		return err
	}
	store, err := e.newStore(ctx, name, args, reader, account, child...)
	if err != nil {
		return err
	}
	// What is in the name cannot change under the pods: those of the old release keep their Secret until the new one has
	// proved itself, and whether this one is ready is never said of another.
	physical := naming.WithHash(args.Service.Workload()+"-secrets", names)
	var data pulumi.Array
	for _, key := range keys {
		data = append(data, remote(key, names[key], reader.Property))
	}
	secret, err := newExternalSecret(ctx, name+"-external", args, physical, pulumi.Map{
		"refreshInterval": pulumi.Sprintf("%ds", e.refreshSeconds),
		"secretStoreRef": pulumi.Map{
			"kind": pulumi.String("SecretStore"), "name": pulumi.String(readerName(args)),
		},
		"data": data,
	}, append(child, pulumi.DependsOn([]pulumi.Resource{store}))...)
	if err != nil {
		return err
	}
	s.add(physical, keys, secret)
	return nil
}

// readerName is that of the service account and the store.
func readerName(args *Args) string { return args.Service.Name + "-secrets" }

// newAccount registers who reads. No pod runs as it, so that no pod can.
func (e *external) newAccount(
	ctx *pulumi.Context, name string, args *Args, names []string, child ...pulumi.ResourceOption,
) (*cluster.SecretReader, *corev1.ServiceAccount, error) {
	reader, err := e.newReader(ctx, name+"-reader", &cluster.SecretReaderArgs{
		Namespace:      args.Namespace,
		ServiceAccount: readerName(args),
		Names:          names,
		Prefix:         e.spec.SecretPrefix(args.Service.Name),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("giving the reader an identity: %w", err)
	}
	account, err := corev1.NewServiceAccount(ctx, name+"-account", &corev1.ServiceAccountArgs{
		Metadata:                     args.metadata(readerName(args), reader.Annotations),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, child...)
	if err != nil {
		return nil, nil, fmt.Errorf("creating the reader's service account: %w", err)
	}
	return reader, account, nil
}

// newStore registers the way to the secret manager. The engine waits until the operator has gone it.
func (e *external) newStore(
	ctx *pulumi.Context, name string, args *Args, reader *cluster.SecretReader, account *corev1.ServiceAccount,
	child ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	awaited, deadline := args.await("Ready")
	first := append([]pulumi.Resource{account}, reader.Ready...)
	store, err := apiextensions.NewCustomResource(ctx, name+"-store", &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(externalVersion),
		Kind:        pulumi.String("SecretStore"),
		Metadata:    args.metadata(readerName(args), awaited),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{"provider": reader.StoreProvider}},
	}, append(child, deadline, pulumi.DependsOn(first))...)
	if err != nil {
		return nil, fmt.Errorf("creating the secret store: %w", err)
	}
	return store, nil
}

// remote is where one value is read from. What the API server would fill in stands there, too, so that it is no drift.
func remote(key, name, property string) pulumi.Map {
	ref := pulumi.Map{
		"key":                pulumi.String(name),
		"conversionStrategy": pulumi.String("Default"),
		"decodingStrategy":   pulumi.String("None"),
		"metadataPolicy":     pulumi.String("None"),
	}
	if property != "" {
		ref["property"] = pulumi.String(property)
	}
	return pulumi.Map{"secretKey": pulumi.String(key), "remoteRef": ref}
}

// newExternalSecret registers what the operator writes a Secret of the same name from. The Secret goes with it, and only
// with it: a value that is deleted where it is kept does not take down who uses it.
func newExternalSecret(
	ctx *pulumi.Context, name string, args *Args, physical string, source pulumi.Map, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	awaited, deadline := args.await("Ready")
	source["target"] = pulumi.Map{
		"name":           pulumi.String(physical),
		"creationPolicy": pulumi.String("Owner"),
		"deletionPolicy": pulumi.String("Retain"),
		// Without one, the Secret would get the annotations that the engine goes by.
		"template": pulumi.Map{
			"engineVersion": pulumi.String("v2"),
			"mergePolicy":   pulumi.String("Replace"),
			"type":          pulumi.String("Opaque"),
			"metadata":      pulumi.Map{"labels": args.secretLabels()},
		},
	}
	secret, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(externalVersion),
		Kind:        pulumi.String("ExternalSecret"),
		Metadata:    args.metadata(physical, awaited),
		OtherFields: kubernetes.UntypedArgs{"spec": source},
	}, append(opts, deadline)...)
	if err != nil {
		return nil, fmt.Errorf("creating external secret %s: %w", physical, err)
	}
	return secret, nil
}
