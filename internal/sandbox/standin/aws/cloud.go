// Package aws is the stand-in for Amazon Web Services: the tables of what a cluster on EKS is made of.
//
// They were taken from the documentation of the Terraform provider that the Pulumi provider v6.83.4 wraps. Properties
// that force a new resource there are the ones that replace it here.
package aws

import (
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// documentation is where each resource has its page.
const documentation = "https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/"

func page(name string) string { return documentation + "r/" + name + ".html.markdown" }

// account is whose resources they are. The provider is told which accounts it may work in, not which it works in.
const account = "123456789012"

// Cloud is Amazon Web Services as far as the platform uses it.
func Cloud() standin.Cloud {
	resources := map[string]standin.Resource{}
	for _, some := range []map[string]standin.Resource{
		network(), routes(), access(), clusters(), clusterAccess(), nodes(), delivery(),
	} {
		maps.Copy(resources, some)
	}
	return standin.Cloud{
		Package: "aws",
		Version: "6.83.4",
		Config: []string{
			"region", "allowedAccountIds", "defaultTags",
			// What the SDK sets by itself, because the provider would otherwise ask an instance's metadata service.
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
