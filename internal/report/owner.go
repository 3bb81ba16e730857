package report

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/services/catalogue"
)

// owner is the part of the platform that a resource belongs to: a service, or an outermost component.
type owner struct {
	name    string
	service bool
}

// platform owns what belongs to no component.
var platform = owner{name: "platform"}

func ownerOf(set *changeset.Set, at urn.URN) owner {
	components := slices.DeleteFunc(slices.Insert(set.Ancestors(at), 0, at), func(one urn.URN) bool {
		return !changeset.IsComponent(one)
	})
	if len(components) == 0 {
		return platform
	}
	outermost := components[len(components)-1].Name()
	// The Secrets of a service are a component beside it.
	service := strings.TrimSuffix(outermost, "-secrets")
	if slices.Contains(catalogue.Names(), service) {
		return owner{name: service, service: true}
	}
	return owner{name: strings.TrimSuffix(outermost, "-stack")}
}
