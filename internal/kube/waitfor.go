package kube

import (
	"encoding/json"
	"fmt"

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

// WaitForDeployment makes the engine wait for the conditions of `kubectl rollout status`, for the current generation:
// every pod is of the new release and available, and no other is left. The provider's own wait ignores the observed
// generation: if it asks before the Deployment controller has seen the change, it takes the completed former release
// for the new one. The counts are compared within the object, because an autoscaler may set one.
func WaitForDeployment() pulumi.StringMap {
	var complete []string
	for _, figure := range []string{"updatedReplicas", "availableReplicas", "replicas"} {
		complete = append(complete, fmt.Sprintf("jsonpath={$.spec[?$.status.%s == $.spec.replicas]}", figure))
	}
	return WaitForAll(pulumi.ToStringArray(complete))
}

// WaitForAddress makes the engine take a Service for complete once it has its address, or is headless. What it selects
// is awaited by itself, and the provider's own wait would add ten seconds to every Service
// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/service.go). A refresh does not look at
// this condition: it still reports a Service that selects nothing.
func WaitForAddress() pulumi.StringMap {
	return WaitForAll(pulumi.ToStringArray([]string{"jsonpath={.spec.clusterIP}"}))
}
