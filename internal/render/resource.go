package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// ofKubernetes begins the types of all that the Kubernetes provider deploys.
const ofKubernetes = "kubernetes:"

// deployed returns the resources that the program deployed to the cluster, without those that it merely read, or that
// wait for their deletion.
func deployed(state *apitype.DeploymentV3) []apitype.ResourceV3 {
	return slices.DeleteFunc(slices.Clone(state.Resources), func(one apitype.ResourceV3) bool {
		return !one.Custom || one.External || one.Delete || !strings.HasPrefix(string(one.Type), ofKubernetes)
	})
}

// resourceName is a resource as pulumi shows it.
type resourceName struct{ kind, name string }

// staying returns the resources that have no manifest: those of the clouds.
func staying(state *apitype.DeploymentV3) []resourceName {
	var found []resourceName
	for _, one := range state.Resources {
		kind := string(one.Type)
		if one.Custom && !one.External && !one.Delete && !strings.HasPrefix(kind, ofKubernetes) &&
			!strings.HasPrefix(kind, "pulumi:") {
			found = append(found, resourceName{kind, one.URN.Name()})
		}
	}
	slices.SortFunc(found, func(a, b resourceName) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return found
}

// text returns the text at a path of nested objects. Empty if there is none.
func text(fields map[string]any, path ...string) string {
	for _, key := range path[:len(path)-1] {
		fields, _ = fields[key].(map[string]any)
	}
	found, _ := fields[path[len(path)-1]].(string)
	return found
}

// called returns the name of an object for a person: its kind, its namespace and its name.
func called(one apitype.ResourceV3) string {
	kind := one.Type.Name().String()
	namespace, name := text(one.Inputs, "metadata", "namespace"), text(one.Inputs, "metadata", "name")
	if one.Type == releaseType {
		kind, namespace, name = "Helm release", text(one.Inputs, "namespace"), text(one.Inputs, "name")
	}
	if name == "" {
		name = one.URN.Name()
	}
	return strings.Join(slices.DeleteFunc([]string{kind, namespace, name}, isEmpty), " ")
}

func isEmpty(text string) bool { return text == "" }
