package postgres

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// Keys of a service's Secret, beside DATABASE_URL.
const (
	usernameKey = "username"
	passwordKey = "password"
)

// databaseDeadline bounds how long an instance may take to apply a role or a database, in seconds.
const databaseDeadline = 5 * 60

// newDatabase registers the password, the role and the database of a service. Both have the service's name.
func newDatabase(
	ctx *pulumi.Context, name string, args *Args, service catalogue.Service, cluster pulumi.Resource,
	opts ...pulumi.ResourceOption,
) (store.Connection, error) {
	secret, err := newSecret(ctx, name, args, service, with(opts, args.kept()...)...)
	if err != nil {
		return store.Connection{}, err
	}
	kept := with(args.kept(), kube.Deadline(databaseDeadline))
	metadata := func() *metav1.ObjectMetaArgs {
		return kube.Annotate(kube.Metadata(args.Namespace, service.Name, kube.WorkloadLabels(service.Workload())), applied())
	}
	role, err := kube.NewCustomResource(ctx, name+"-role", roleKind, metadata(), pulumi.Map{
		"cluster":                   pulumi.Map{"name": pulumi.String(Name)},
		"name":                      pulumi.String(service.Name),
		"login":                     pulumi.Bool(true),
		"passwordSecret":            pulumi.Map{"name": pulumi.String(secretName(service))},
		"databaseRoleReclaimPolicy": pulumi.String("retain"),
	}, with(opts, with(kept, pulumi.DependsOn([]pulumi.Resource{cluster, secret}))...)...)
	if err != nil {
		return store.Connection{}, fmt.Errorf("creating the role: %w", err)
	}
	database, err := kube.NewCustomResource(ctx, name+"-database", databaseKind, metadata(), pulumi.Map{
		"cluster":               pulumi.Map{"name": pulumi.String(Name)},
		"name":                  pulumi.String(service.Name),
		"owner":                 pulumi.String(service.Name),
		"databaseReclaimPolicy": pulumi.String("retain"),
	}, with(opts, with(kept, pulumi.DependsOn([]pulumi.Resource{role}))...)...)
	if err != nil {
		return store.Connection{}, fmt.Errorf("creating the database: %w", err)
	}
	return store.Connection{
		Files: []secrets.Mounted{{Name: secretName(service), Key: catalogue.DatabaseURL}},
		Ready: []pulumi.Resource{secret, role, database},
	}, nil
}

// applied makes the engine wait until an instance has carried out the present generation of a role or a database.
// Neither has a condition.
func applied() pulumi.StringMap {
	return kube.WaitForAll(pulumi.ToStringArray([]string{
		"jsonpath={.status.applied}=true",
		"jsonpath={$.status[?$.status.observedGeneration == $.metadata.generation]}",
	}))
}

// newSecret registers the drawn password. CloudNativePG sets it whenever the Secret changes
// (https://cloudnative-pg.io/docs/1.30/declarative_role_management#password-management).
func newSecret(
	ctx *pulumi.Context, name string, args *Args, service catalogue.Service, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	return secrets.NewDrawn(ctx, name, &secrets.DrawnArgs{
		Namespace: args.Namespace,
		Name:      secretName(service),
		Workload:  service.Workload(),
		Labels:    pulumi.StringMap{"cnpg.io/reload": pulumi.String("true")},
		Type:      "kubernetes.io/basic-auth",
		Data: pulumi.StringMap{
			usernameKey: pulumi.String(service.Name),
			passwordKey: pulumi.String("{{ .password }}"),
			catalogue.DatabaseURL: pulumi.String(fmt.Sprintf(
				"postgresql://%[1]s:{{ .password }}@%[2]s:%[3]d/%[1]s?sslmode=require",
				service.Name, Host(args.Namespace), Port)),
		},
		DeadlineSeconds: args.DeadlineSeconds,
	}, opts...)
}

// secretName returns the name of a service's Secret, such as assessment-service-database-url.
func secretName(service catalogue.Service) string {
	return secrets.Owner{Name: service.Name, Workload: service.Workload()}.GeneratedSecret(catalogue.DatabaseURL)
}
