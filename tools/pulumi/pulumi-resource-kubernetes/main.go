// Command pulumi-resource-kubernetes is the official Pulumi Kubernetes provider. It is built without its component
// resources (Helm charts, YAML files, Kustomize folders); the platform registers none of them.
//
// Its own main package cannot be built from the module, because the two files that it embeds are generated at release
// time. This one embeds the files from which they are generated; the build lays them over this folder.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

var (
	//go:embed schema.json
	schema []byte
	//go:embed terraform-mapping.json
	terraformMapping []byte
)

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
