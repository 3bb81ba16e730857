package changeset

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Resource is what is known of any resource of the stack, changed or not.
type Resource struct {
	URN urn.URN
	// Provider is the URN of the provider that the resource goes through, "" for a component or a provider.
	Provider urn.URN
	// Namespace is the Kubernetes namespace that the resource lies in, "" if it lies in none.
	Namespace string
}

// remember notes a resource that existed before the run.
func (c *collector) remember(old *State) {
	if old == nil {
		return
	}
	metadata, _ := old.Inputs["metadata"].(map[string]any)
	namespace, _ := metadata["namespace"].(string)
	// A reference to a provider is its URN, :: and its ID.
	provider := old.Provider[:max(0, strings.LastIndex(old.Provider, "::"))]
	at := urn.URN(old.URN)
	c.set.Resources[at] = Resource{URN: at, Provider: urn.URN(provider), Namespace: namespace}
	if _, found := c.set.parents[at]; !found {
		c.set.parents[at] = urn.URN(old.Parent)
	}
}

// IsComponent reports whether a resource is one of the platform's components, which only group others.
func IsComponent(at urn.URN) bool { return at.Type().Package() == "dreamseed" }

// isRoot reports whether a resource stands for the stack itself.
func isRoot(at urn.URN) bool { return at.QualifiedType() == "pulumi:pulumi:Stack" }

func (c *collector) outputs(step apitype.StepEventMetadata) {
	if step.Old != nil && len(step.Old.Outputs) > 0 {
		c.set.OldOutputs = step.Old.Outputs
	}
	if step.New != nil && len(step.New.Outputs) > 0 {
		c.set.NewOutputs = step.New.Outputs
	}
}
