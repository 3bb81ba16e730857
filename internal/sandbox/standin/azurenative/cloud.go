// Package azurenative is the stand-in for Azure: the tables of the resources of an AKS cluster.
//
// They were taken from Azure's REST API and from the Pulumi provider's pages about it. Three kinds of properties
// replace a resource: those that name it, which are the path parameters of its address; those that the API marks as
// fixed after creation; and those that the provider itself adds:
// https://github.com/pulumi/pulumi-azure-native/blob/v2.90.0/provider/pkg/gen/replacement.go.
package azurenative

import (
	"maps"

	"github.com/google/uuid"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// version is the provider's version.
const version = "2.90.0"

// reference is the base address of the resources' documentation pages.
const reference = "https://www.pulumi.com/registry/packages/azure-native-v2/api-docs/"

// Cloud returns the part of Azure that the platform uses.
func Cloud() standin.Cloud {
	resources, names := map[string]standin.Resource{}, newServerNames()
	for _, some := range []map[string]standin.Resource{
		groups(), network(), identity(), encryption(), clusters(names), delivery(), blobs(),
	} {
		maps.Copy(resources, some)
	}
	return standin.Cloud{
		Package:   "azure-native",
		Version:   version,
		Config:    []string{"subscriptionId", "location", "environment"},
		Resources: resources,
		Rules:     refusals(),
		Functions: map[string]standin.Function{
			"azure-native:containerservice/v20240901:listManagedClusterUserCredentials": userCredentials(names),
		},
	}
}

func groups() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:resources/v20241101:ResourceGroup": {
			Source:   reference + "resources/resourcegroup/",
			Inputs:   []string{"resourceGroupName", "location"},
			Replaces: []string{"resourceGroupName", "location"},
			ID:       standin.Text("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{resourceGroupName}")},
		},
	}
}

// inGroup returns the ID of a resource in a resource group.
func inGroup(path string) standin.Value {
	return standin.Text("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/" + path)
}

// tenant is the Entra tenant of all the stand-in's subscriptions.
const tenant = "5f0c2a10-0000-4000-8000-0000000000aa"

// guid returns a GUID that Azure assigns to a resource, for a purpose.
func guid(purpose string) standin.Value {
	return func(i standin.Instance) any {
		return uuid.NewSHA1(uuid.NameSpaceURL, []byte(i.ID+"#"+purpose)).String()
	}
}
