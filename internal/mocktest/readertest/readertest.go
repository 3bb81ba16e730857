// Package readertest builds a cluster with secret readers, and keeps the values that they return.
package readertest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// Namespace is the namespace of the readers' service accounts.
const Namespace = "dreamseed"

// secrets maps the services that have readers to the keys of their secrets.
var secrets = map[string][]string{"auth": {"API_KEY", "DATABASE_URL"}, "user": {"DATABASE_URL"}}

// Readers is a cluster with a reader for each of two services, auth and user, which share no secret. Auth reads two
// secrets, user one. The reader of user was created with a resource option.
type Readers struct {
	*mocktest.Recording

	Auth, User *Reader
}

// Reader holds the properties of one service's reader, as plain values.
type Reader struct {
	// Annotations are the annotations of its service account, and Store is the field spec.provider of its SecretStore.
	Annotations, Store any
	// Property is the part of a secret that holds its value.
	Property string
	// First are the Refs of the resources that come before the first read, sorted.
	First []string
}

// Build builds a cluster and the readers of auth and user. Their logical names start with the service's.
func Build(tb testing.TB, builder cluster.Builder, spec *cluster.Spec, clouds ...standin.Cloud) *Readers {
	tb.Helper()
	said := map[string]*cluster.SecretReader{}
	built := mocktest.Run(tb, func(ctx *pulumi.Context) error {
		target, err := builder(ctx, "cluster", spec)
		if err != nil {
			return err
		}
		options, err := afterSomething(ctx)
		if err != nil {
			return err
		}
		for _, service := range slices.Sorted(maps.Keys(secrets)) {
			said[service], err = target.NewSecretReader(ctx, service, Args(spec, service), options[service]...)
			if err != nil {
				return err
			}
			if err := export(ctx, service, said[service]); err != nil {
				return err
			}
		}
		return nil
	}, clouds...)
	return &Readers{built, readerOf(tb, built, "auth", said["auth"]), readerOf(tb, built, "user", said["user"])}
}

// Args returns the arguments for the reader of a service's secrets.
func Args(spec *cluster.Spec, service string) *cluster.SecretReaderArgs {
	args := &cluster.SecretReaderArgs{
		Namespace: Namespace, ServiceAccount: service + "-secrets", Prefix: spec.SecretPrefix(service),
	}
	for _, key := range secrets[service] {
		args.Names = append(args.Names, spec.SecretName(service, key))
	}
	return args
}

// firstRead is the type of the resource that reads a secret first; something is the type of a resource on which a
// reader depends.
const (
	firstRead = "test:index:FirstRead"
	something = "test:index:Something"
)

// afterSomething makes the reader of user depend on something.
func afterSomething(ctx *pulumi.Context) (map[string][]pulumi.ResourceOption, error) {
	first := &pulumi.CustomResourceState{}
	if err := ctx.RegisterResource(something, "something", nil, first); err != nil {
		return nil, err
	}
	return map[string][]pulumi.ResourceOption{"user": {pulumi.DependsOn([]pulumi.Resource{first})}}, nil
}

func export(ctx *pulumi.Context, service string, reader *cluster.SecretReader) error {
	ctx.Export(service, pulumi.Map{"annotations": reader.Annotations, "store": reader.StoreProvider})
	return ctx.RegisterResource(firstRead, service, nil, &pulumi.CustomResourceState{}, pulumi.DependsOn(reader.Ready))
}

func readerOf(tb testing.TB, built *mocktest.Recording, service string, reader *cluster.SecretReader) *Reader {
	tb.Helper()
	return &Reader{
		Annotations: mocktest.At(built.Outputs[service], "annotations"),
		Store:       mocktest.At(built.Outputs[service], "store"),
		Property:    reader.Property,
		First:       built.Get(tb, firstRead, service).Dependencies,
	}
}

// Registered lists the resources of a service's reader.
func (r *Readers) Registered(tb testing.TB, service string) []*mocktest.Resource {
	tb.Helper()
	var found []*mocktest.Resource
	for _, one := range r.Resources {
		if one.Type != firstRead && strings.HasPrefix(one.Name, service+"-") {
			found = append(found, one)
		}
	}
	require.NotEmpty(tb, found, "the reader of %s has no resource", service)
	return found
}

// AssertOptionsReachAll asserts that the option of user's reader applies to all of its resources.
func (r *Readers) AssertOptionsReachAll(tb testing.TB) {
	tb.Helper()
	for _, one := range r.Registered(tb, "user") {
		one.AssertDependsOn(tb, mocktest.Ref(something, "something"))
	}
}

// credentials are the fields of a SecretStore that name a long-lived credential, in the backends that the clusters use
// (https://external-secrets.io/latest/api/spec).
var credentials = []string{"secretRef", "authSecretRef", "authRef", "token", "cert"}

// AssertKeyless asserts that a reader has no credential that outlives the read.
func (r *Readers) AssertKeyless(tb testing.TB) {
	tb.Helper()
	for _, reader := range []*Reader{r.Auth, r.User} {
		for _, field := range fields(reader.Store) {
			assert.NotContains(tb, credentials, field)
		}
	}
	assert.Empty(tb, r.OfType("kubernetes:core/v1:Secret"))
}

// fields returns the names of all fields at any depth.
func fields(value any) []string {
	var names []string
	object, _ := value.(map[string]any)
	for name, field := range object {
		names = append(append(names, name), fields(field)...)
	}
	return names
}
