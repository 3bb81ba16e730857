package kube

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// waitFor is the annotation that tells the Kubernetes provider when an object is ready
// (https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply).
const waitFor = "pulumi.com/waitFor"

// WaitForCondition makes the engine wait until a condition of the object is true.
func WaitForCondition(condition string) pulumi.StringMap {
	return pulumi.StringMap{waitFor: pulumi.String("condition=" + condition)}
}

// WaitForAll makes the engine wait until every expression holds at the same time. An expression is a JSON path in the
// syntax of kubectl wait, or a condition.
func WaitForAll(expressions pulumi.StringArrayInput) pulumi.StringMap {
	return pulumi.StringMap{waitFor: expressions.ToStringArrayOutput().ApplyT(func(all []string) (string, error) {
		encoded, err := json.Marshal(all)
		return string(encoded), err
	}).(pulumi.StringOutput)}
}
