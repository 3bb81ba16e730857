package render

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/dreamseed/platform/internal/stack"
)

// LeftOut is an object without a manifest.
type LeftOut struct {
	// Object has its kind, its namespace and its name.
	Object string
	// Why is the reason, as the end of the sentence "It is left out: it …".
	Why string
}

// reasons are why a resource is left out. The first that applies is given.
var reasons = []struct {
	why     string
	applies func(apitype.ResourceV3) bool
}{
	{"is a Secret; its values belong in a secret manager, or in a SealedSecret", func(one apitype.ResourceV3) bool {
		return text(one.Inputs, "kind") == "Secret" && text(one.Inputs, "apiVersion") == "v1"
	}},
	{"holds a value that the state encrypts", func(one apitype.ResourceV3) bool { return stack.HoldsSecret(one.Inputs) }},
	{"changes a part of an object that somebody else owns", func(one apitype.ResourceV3) bool {
		return strings.HasSuffix(string(one.Type), "Patch") && !strings.HasSuffix(text(one.Inputs, "kind"), "Patch")
	}},
	{"is of a chart that is in no repository", func(one apitype.ResourceV3) bool {
		return one.Type == releaseType && text(one.Inputs, "repositoryOpts", "repo") == ""
	}},
	{"has no name that stays the same", func(one apitype.ResourceV3) bool {
		return one.Type != releaseType && text(one.Inputs, "metadata", "name") == ""
	}},
}

// whyLeftOut returns the reason to leave a resource out. Empty if there is none.
func whyLeftOut(one apitype.ResourceV3) string {
	for _, reason := range reasons {
		if reason.applies(one) {
			return reason.why
		}
	}
	return ""
}
