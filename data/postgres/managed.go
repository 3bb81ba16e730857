package postgres

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// ManagedArgs describes the PostgreSQL of an environment on a server that the cloud runs. Each service with the need
// gets a database and a role of its name.
type ManagedArgs struct {
	// Spec has the mode managed.
	Spec Spec
	store.Environment
	// Cluster is required, and can make a server.
	Cluster *cluster.Cluster
}

// NewManaged registers the server, a password for each service with the need, and the Job that makes their databases
// and roles. A service's Secret is named after the server: another server is another Secret, so that the former one
// still leads to the former server.
func NewManaged(
	ctx *pulumi.Context, name string, args *ManagedArgs, opts ...pulumi.ResourceOption,
) (*Postgres, error) {
	made := &Postgres{Connections: store.Connections{}}
	if err := ctx.RegisterComponentResource("dreamseed:data:Postgres", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering PostgreSQL: %w", err)
	}
	host, err := made.buildManaged(ctx, name, args)
	if err != nil {
		return nil, fmt.Errorf("building PostgreSQL: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{"host": host}); err != nil {
		return nil, fmt.Errorf("registering the outputs of PostgreSQL: %w", err)
	}
	return made, nil
}

func (p *Postgres) buildManaged(ctx *pulumi.Context, name string, args *ManagedArgs) (pulumi.StringInput, error) {
	identity, err := args.Cluster.NewIdentity(ctx, name+"-provisioner", &cluster.IdentityArgs{
		Namespace: args.Namespace, ServiceAccount: ProvisionerName,
	})
	if err != nil {
		return nil, fmt.Errorf("giving the provisioner an identity: %w", err)
	}
	server, err := args.Cluster.NewDatabase(ctx, &cluster.DatabaseArgs{
		DatabaseSpec: args.Spec.Managed, Base: Name, Provisioner: identity,
	})
	if err != nil {
		return nil, err
	}
	child := []pulumi.ResourceOption{pulumi.Parent(p), pulumi.DependsOn(args.After)}
	declare := declaring(args.Services)
	var drawn []pulumi.Resource
	for _, service := range declare {
		secret, err := newManagedSecret(ctx, name+"-"+service.Name, args, service, server, child...)
		if err != nil {
			return nil, fmt.Errorf("drawing the password of %s: %w", service.Name, err)
		}
		drawn = append(drawn, secret)
	}
	provisioner := &provisioner{args: args, server: server, identity: identity, services: declare}
	job, err := provisioner.register(ctx, name, with(child, pulumi.DependsOn(drawn))...)
	if err != nil {
		return nil, err
	}
	for i, service := range declare {
		p.Connections[service.Name] = store.Connection{
			Files: []secrets.Mounted{{Name: managedSecretName(service, server), Key: catalogue.DatabaseURL}},
			Ready: []pulumi.Resource{drawn[i], job},
		}
	}
	return server.Host, nil
}

// newManagedSecret registers the drawn password, with the way to the server.
func newManagedSecret(
	ctx *pulumi.Context, name string, args *ManagedArgs, service catalogue.Service, server *cluster.Database,
	opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	secret := managedSecretName(service, server)
	// Another name is another resource, which comes beside the former one.
	return secrets.NewDrawn(ctx, name+"-"+suffix(server), &secrets.DrawnArgs{
		Namespace: args.Namespace,
		Name:      secret,
		Workload:  service.Workload(),
		Type:      "kubernetes.io/basic-auth",
		Data: pulumi.StringMap{
			usernameKey: pulumi.String(service.Name),
			passwordKey: pulumi.String("{{ .password }}"),
			catalogue.DatabaseURL: pulumi.Sprintf("postgresql://%s:{{ .password }}@%s:%d/%s?sslmode=require",
				service.Name, server.Host, Port, service.Name),
		},
		DeadlineSeconds: args.DeadlineSeconds,
	}, opts...)
}

// managedSecretName returns the name of a service's Secret, such as assessment-service-database-url-1a2b3c.
func managedSecretName(service catalogue.Service, server *cluster.Database) string {
	return secretName(service) + "-" + suffix(server)
}

// suffix returns the part of a server's name that differs from server to server.
func suffix(server *cluster.Database) string {
	return server.Name[strings.LastIndex(server.Name, "-")+1:]
}
