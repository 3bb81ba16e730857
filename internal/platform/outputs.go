package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/services"
)

// export publishes what people and other stacks ask for: the cluster's name, its registry and where users reach it,
// the namespaces, and for each service the image it runs and the URL inside the cluster.
func export(ctx *pulumi.Context, target *cluster.Cluster, namespaces []*Namespace, running []*services.Service) {
	names := pulumi.StringArray{}
	for _, namespace := range namespaces {
		names = append(names, pulumi.String(namespace.Name))
	}
	outputs := pulumi.Map{}
	for _, service := range running {
		outputs[service.Name] = pulumi.Map{
			"image": pulumi.String(service.Image),
			"url":   pulumi.String(service.URL),
		}
	}
	ctx.Export("cluster", pulumi.String(target.Name))
	if target.Registry != "" {
		ctx.Export("registry", pulumi.String(target.Registry))
	}
	if target.Ingress.Host != "" {
		ctx.Export("ingress", pulumi.Map{
			"host":      pulumi.String(target.Ingress.Host),
			"url":       pulumi.String("https://" + target.Ingress.Host),
			"addresses": target.Ingress.Addresses,
		})
	}
	ctx.Export("namespaces", names)
	ctx.Export("services", outputs)
	ctx.Export(migrationsOutput, newMigrations(running))
}
