// Package gcp is the stand-in for Google Cloud: the tables of what a cluster on GKE is made of.
//
// They were taken from the documentation of the Terraform provider that the Pulumi provider v7.38.0 wraps. Properties
// that force a new resource there are the ones that replace it here.
package gcp

import (
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// documentation is where each resource has its page.
const documentation = "https://github.com/hashicorp/terraform-provider-google/blob/v5.45.0/website/docs/"

func page(name string) string { return documentation + "r/" + name + ".html.markdown" }

// Cloud is Google Cloud as far as the platform uses it.
func Cloud() standin.Cloud {
	resources := map[string]standin.Resource{}
	for _, some := range []map[string]standin.Resource{
		network(), identity(), encryption(), clusters(), nodePools(), delivery(),
	} {
		maps.Copy(resources, some)
	}
	return standin.Cloud{
		Package:   "gcp",
		Version:   "7.38.0",
		Config:    []string{"project", "region"},
		Resources: resources,
		Rules:     refusals(),
		Functions: map[string]standin.Function{
			"gcp:organizations/getProject:getProject": {
				Source:    documentation + "d/project.html.markdown",
				Arguments: []string{"projectId"},
				Result: map[string]standin.Value{
					"projectId": standin.Text("{projectId}"),
					"number":    standin.Constant("123456789012"),
					"id":        standin.Text("projects/{projectId}"),
				},
			},
		},
	}
}
