// Package azurenative is the stand-in for Azure: the tables of what a cluster on AKS is made of.
//
// The Pulumi provider v2 is generated from Azure's REST API, so that is what the tables were taken from: the properties
// of each resource, and those that its documentation says cannot be changed.
package azurenative

import (
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// reference is where each resource has its page.
const reference = "https://learn.microsoft.com/rest/api/"

// group is where a resource's ID begins.
const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft."

// place are what every resource in a resource group has. Moving it is making another one.
var place = []string{"resourceGroupName", "location"}

// Cloud is Azure as far as the platform uses it.
func Cloud() standin.Cloud {
	resources := map[string]standin.Resource{}
	for _, some := range []map[string]standin.Resource{network(), access(), encryption(), clusters(), delivery()} {
		maps.Copy(resources, some)
	}
	return standin.Cloud{
		Package:   "azure-native",
		Version:   "2.90.0",
		Config:    []string{"subscriptionId", "location", "environment"},
		Resources: resources,
		Functions: functions(),
	}
}
