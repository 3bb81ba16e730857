// Package aws is the stand-in for Amazon Web Services: the tables of the resources of an EKS cluster.
//
// They were taken from the documentation of the Terraform provider that the Pulumi provider v6.83.4 wraps. Properties
// that force a new resource there replace the resource here.
package aws

import (
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// documentation is the base address of the resources' documentation pages.
const documentation = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/"

func page(name string) string { return documentation + "r/" + name + ".html.markdown" }

// account is the account that owns the resources. The provider is told the accounts that it may work in, not the one
// that it works in.
const account = "123456789012"

// Cloud returns the part of Amazon Web Services that the platform uses.
func Cloud() standin.Cloud {
	resources := map[string]standin.Resource{}
	for _, some := range []map[string]standin.Resource{
		network(), routes(), access(), clusters(), clusterAccess(), nodes(), delivery(), buckets(),
	} {
		maps.Copy(resources, some)
	}
	return standin.Cloud{
		Package: "aws",
		Version: "6.83.4",
		Config: []string{
			"region", "allowedAccountIds", "defaultTags",
			// The SDK sets these itself, because the provider would otherwise ask an instance's metadata service.
			"skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation",
		},
		Resources: resources,
		Rules:     refusals(),
		Functions: map[string]standin.Function{
			"aws:eks/getAddonVersion:getAddonVersion": {
				Source:    documentation + "d/eks_addon_version.html.markdown",
				Arguments: []string{"addonName", "kubernetesVersion"},
				Result: map[string]standin.Value{
					"addonName": standin.Text("{addonName}"),
					"version":   standin.Text("v{kubernetesVersion}.0-eksbuild.1"),
				},
			},
		},
	}
}
