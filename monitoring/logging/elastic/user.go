package elastic

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// user is a user of Elasticsearch, with a role of the same name.
type user struct {
	name string
	// role is the role's definition
	// (https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/defining-roles).
	role string
}

// The users. Nobody here is the superuser.
var (
	// writer is who the collectors sign in as. It adds documents to the data streams of OpenTelemetry's logs, and creates
	// these; it reads, changes and deletes nothing.
	writer = user{"dreamseed-collector", `indices:
- names: ["logs-*.otel-*"]
  privileges: [auto_configure, create_doc]`}
	// keeper sets the retention, and sees no document.
	keeper = user{"dreamseed-lifecycle", `cluster: [monitor, manage_ilm, manage_index_templates]`}

	users = []user{writer, keeper}
)

// Keys of a user's Secret. ECK reads the first four: a user with its roles, and the roles' definitions
// (https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/file-based#k8s-basic). The last one
// is a configuration file of curl, so that no command line holds the password.
const (
	usernameKey = "username"
	passwordKey = "password"
	rolesKey    = "roles"
	definedKey  = "roles.yml"
	curlKey     = "curl"
)

// secret returns the name of the user's Secret.
func (u user) secret() string { return Name + "-" + u.name }

// definition returns the file with the user's role.
func (u user) definition() string { return u.name + ":\n" + indented(u.role) + "\n" }

// newUser registers a password, which External Secrets draws once, and the Secret that it writes with it. The Secret
// outlives its ExternalSecret, and its password never changes: another one would lock out collectors that hold lines.
func newUser(
	ctx *pulumi.Context, name string, args *Args, of user, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	generator, err := externalsecret.NewPassword(ctx, name+"-password",
		kube.Metadata(args.Namespace, of.secret(), labels(Elasticsearch)), passwordLength, opts...)
	if err != nil {
		return nil, err
	}
	spec := externalsecret.Drawn(of.secret(), nil)
	spec["target"] = externalsecret.Target(of.secret(), of.template(), externalsecret.Lasting())
	metadata := kube.Annotate(kube.Metadata(args.Namespace, of.secret(), labels(Elasticsearch)),
		kube.WaitForCondition("Ready"))
	first := pulumi.DependsOn([]pulumi.Resource{generator})
	secret, err := kube.NewCustomResource(ctx, name+"-secret", externalsecret.Kind, metadata, spec,
		append(opts, first, kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the external secret: %w", err)
	}
	return secret, nil
}

// passwordLength is the number of letters and digits of a password.
const passwordLength = 32

// template returns the Secret as External Secrets writes it
// (https://external-secrets.io/v0.20.4/guides/templating). Its generator calls the value password.
func (u user) template() pulumi.Map {
	template := externalsecret.Template(podLabels(Elasticsearch))
	template["data"] = pulumi.StringMap{
		usernameKey: pulumi.String(u.name),
		passwordKey: pulumi.String("{{ .password }}"),
		rolesKey:    pulumi.String(u.name),
		definedKey:  pulumi.String(u.definition()),
		curlKey:     pulumi.String(`user = "` + u.name + `:{{ .password }}"` + "\n"),
	}
	return template
}
