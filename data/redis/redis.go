package redis

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// Redis is the running cache.
type Redis struct {
	pulumi.ResourceState

	// Connections are those of the services that declare the need.
	Connections store.Connections
	// Objects are the resources that are complete once Valkey answers.
	Objects []pulumi.Resource
}

// Args describes the cache of an environment. Another set of users restarts the pod once. The keys of a service that no
// longer declares it stay, and nobody reaches them.
type Args struct {
	// Spec is in mode inCluster.
	Spec Spec
	store.Environment
}

// New registers Valkey, and a user with a Secret for each service that declares the need.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Redis, error) {
	redis := &Redis{Connections: store.Connections{}}
	if err := ctx.RegisterComponentResource("dreamseed:data:Redis", name, redis, opts...); err != nil {
		return nil, fmt.Errorf("registering Redis: %w", err)
	}
	if err := redis.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Redis: %w", err)
	}
	outputs := pulumi.Map{"host": pulumi.String(args.program(nil).Host(Name))}
	if err := ctx.RegisterResourceOutputs(redis, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of Redis: %w", err)
	}
	return redis, nil
}

func (r *Redis) build(ctx *pulumi.Context, name string, args *Args) error {
	child := pulumi.Parent(r)
	drawn, err := newPasswords(ctx, name, args, child, pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	composed := args.composed()
	composed.After = drawn
	users, err := secrets.NewComposed(ctx, name+composed.Name[len(Name):], composed, child,
		pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	set, err := replica.NewSet(ctx, name, &replica.SetArgs{
		Program: args.program(slices.Concat(args.After, drawn, []pulumi.Resource{users})),
		Letters: []string{"a"},
		Own:     func(string) replica.Own { return args.own(composed.Name) },
	}, child)
	if err != nil {
		return err
	}
	r.Objects = set.Objects
	for _, service := range Needing(args.Services) {
		r.Connections[service.Name] = store.Connection{
			Files: []secrets.Mounted{{Name: urlSecret(service), Key: catalogue.RedisURL}},
			Ready: r.Objects,
		}
	}
	return nil
}

// newPasswords registers a Secret with a password for each user.
func newPasswords(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	data := map[string]pulumi.StringMap{}
	for _, service := range Needing(args.Services) {
		data[service.Name] = pulumi.StringMap{catalogue.RedisURL: pulumi.String(url(service.Name, args.Namespace))}
	}
	var all []pulumi.Resource
	for _, one := range users(args.Services) {
		entries := pulumi.StringMap{passwordKey: pulumi.String("{{ .password }}")}
		for key, value := range data[one.name] {
			entries[key] = value
		}
		secret, err := secrets.NewDrawn(ctx, name+"-"+one.name, &secrets.DrawnArgs{
			Namespace: args.Namespace, Name: one.secret, Workload: Name, Data: entries,
			DeadlineSeconds: args.DeadlineSeconds,
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("drawing the password of %s: %w", one.name, err)
		}
		all = append(all, secret)
	}
	return all, nil
}
