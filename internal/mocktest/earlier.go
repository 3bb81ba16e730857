package mocktest

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

const (
	earlierType = "test:index:Earlier"
	earlierName = "earlier"
)

// EarlierRef is the Ref of the resource that Earlier registers.
var EarlierRef = Ref(earlierType, earlierName)

// Earlier registers a resource for a component to come after.
func Earlier(ctx *pulumi.Context) ([]pulumi.Resource, error) {
	earlier := &pulumi.CustomResourceState{}
	if err := ctx.RegisterResource(earlierType, earlierName, nil, earlier); err != nil {
		return nil, err
	}
	return []pulumi.Resource{earlier}, nil
}
