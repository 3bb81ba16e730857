package kafka

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

var userKind = kube.Kind{APIVersion: group, Name: "KafkaUser"}

// passwordKey is the key under which Strimzi finds the password of a user.
const passwordKey = "password"

// secretOf returns the name of the Secret with what a service signs in with.
func secretOf(service catalogue.Service) string { return service.Workload() + "-kafka" }

// files returns what a service finds below /app/secrets.
func files(service catalogue.Service) []secrets.Mounted {
	all := []secrets.Mounted{{Name: authority, Key: catalogue.KafkaCACertificate}}
	for _, key := range ExternalKeys() {
		all = append(all, secrets.Mounted{Name: secretOf(service), Key: key})
	}
	return all
}

// newUser registers a service's password, and the user that signs in with it. Deleting the Secret draws another
// password: Strimzi sets it within two minutes, and the pods find it in their file.
func (a *Args) newUser(
	ctx *pulumi.Context, name string, service catalogue.Service, cluster pulumi.Resource, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	const password = "{{ .password }}"
	secret, err := secrets.NewDrawn(ctx, name, &secrets.DrawnArgs{
		Namespace: a.Namespace, Name: secretOf(service), Workload: service.Workload(),
		Data: pulumi.StringMap{
			passwordKey:                     pulumi.String(password),
			catalogue.KafkaPassword:         pulumi.String(password),
			catalogue.KafkaUsername:         pulumi.String(service.Name),
			catalogue.KafkaBootstrapServers: pulumi.String(Bootstrap(a.Namespace)),
		},
		DeadlineSeconds: a.DeadlineSeconds,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("drawing the password: %w", err)
	}
	metadata := kube.Annotate(kube.Metadata(a.Namespace, service.Name, belonging(service.Workload())),
		kube.WaitForCondition("Ready"))
	user, err := kube.NewCustomResource(ctx, name+"-user", userKind, metadata, pulumi.Map{
		"authentication": pulumi.Map{
			"type": pulumi.String("scram-sha-512"),
			"password": pulumi.Map{"valueFrom": pulumi.Map{"secretKeyRef": pulumi.Map{
				"name": pulumi.String(secretOf(service)), "key": pulumi.String(passwordKey),
			}}},
		},
		"authorization": pulumi.Map{"type": pulumi.String("simple"), "acls": rules(service)},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{secret, cluster}),
		kube.Deadline(a.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the user: %w", err)
	}
	return user, nil
}

// rules returns what a service may do: write its topics, and read those that it consumes, in groups whose names begin
// with its own (https://kafka.apache.org/43/security/authorization-and-acls). Whatever no rule allows is refused.
func rules(service catalogue.Service) pulumi.Array {
	var all pulumi.Array
	for _, topic := range service.Needs.Produces {
		all = append(all, rule("topic", topic, "literal", "Write", "Describe"))
	}
	for _, topic := range service.Needs.Consumes {
		all = append(all, rule("topic", topic, "literal", "Read", "Describe"))
	}
	if len(service.Needs.Consumes) > 0 {
		all = append(all, rule("group", service.Name, "prefix", "Read"))
	}
	return all
}

func rule(kind, name, pattern string, operations ...string) pulumi.Map {
	return pulumi.Map{
		"resource": pulumi.Map{
			"type": pulumi.String(kind), "name": pulumi.String(name), "patternType": pulumi.String(pattern),
		},
		"operations": pulumi.ToStringArray(operations),
	}
}
