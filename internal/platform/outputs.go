package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// export publishes the outputs for users and other stacks: the cluster's name, its registry and its public address, the
// namespaces, what a month costs, what holds data in the cluster, and for each service its image and its URL inside the
// cluster.
func (b *builder) export() {
	names := pulumi.StringArray{}
	for _, one := range []*namespace.Namespace{b.servicesNamespace, b.monitoringNamespace} {
		names = append(names, pulumi.String(one.Name))
	}
	outputs := pulumi.Map{}
	for _, service := range b.services {
		outputs[service.Name] = pulumi.Map{
			"image": pulumi.String(service.Image),
			"url":   pulumi.String(service.URL),
		}
	}
	b.ctx.Export("cluster", pulumi.String(b.cluster.Name))
	if b.cluster.Registry != "" {
		b.ctx.Export("registry", pulumi.String(b.cluster.Registry))
	}
	if b.cluster.PublicAddress.Host != "" {
		b.ctx.Export("ingress", pulumi.Map{
			"host":      pulumi.String(b.cluster.PublicAddress.Host),
			"url":       pulumi.String("https://" + b.cluster.PublicAddress.Host),
			"addresses": b.cluster.PublicAddress.Addresses,
		})
	}
	b.ctx.Export("cost", costOutput(b.cost))
	b.ctx.Export(dataOutput, keptData(b.cfg, b.kept))
	b.ctx.Export("namespaces", names)
	b.ctx.Export("services", outputs)
	b.ctx.Export(migrationsOutput, newMigrations(b.services))
}
