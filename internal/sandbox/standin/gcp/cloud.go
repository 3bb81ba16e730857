// Package gcp is the stand-in for Google Cloud: the tables of the resources of a GKE cluster.
//
// They were taken from the documentation of the Terraform provider that the Pulumi provider v7.38.0 wraps. Properties
// that force a new resource there replace the resource here.
package gcp

import (
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// documentation is the base address of the resources' documentation pages.
const documentation = "https://github.com/hashicorp/terraform-provider-google/blob/v5.45.0/website/docs/"

func page(name string) string { return documentation + "r/" + name + ".html.markdown" }

// Cloud returns the part of Google Cloud that the platform uses.
func Cloud() standin.Cloud {
	resources := map[string]standin.Resource{}
	for _, some := range []map[string]standin.Resource{
		network(), identity(), encryption(), clusters(), nodePools(), delivery(), databases(), buckets(),
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
