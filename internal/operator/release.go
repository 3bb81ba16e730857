package operator

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Release is a Helm release of an operator. The engine waits until everything in it is ready, and Helm rolls back if
// that fails.
type Release struct {
	pulumi.CustomResourceState
}

// timeoutSeconds is how long an operator may take until it is ready, including the download of its image.
const timeoutSeconds = 300

// NewRelease installs an operator into its namespace, which must exist. It registers the release by its
// type and not through the SDK's helm package, which would compile every Kubernetes API there is.
func NewRelease(
	ctx *pulumi.Context, name string, installed Operator, opts ...pulumi.ResourceOption,
) (*Release, error) {
	release := &Release{}
	err := ctx.RegisterResource("kubernetes:helm.sh/v3:Release", name, pulumi.Map{
		"name":            pulumi.String(installed.Namespace()),
		"namespace":       pulumi.String(installed.Namespace()),
		"chart":           pulumi.String(installed.chart.name),
		"version":         pulumi.String(installed.chart.version),
		"repositoryOpts":  pulumi.Map{"repo": pulumi.String(installed.chart.repository)},
		"values":          installed.chart.values,
		"atomic":          pulumi.Bool(true),
		"createNamespace": pulumi.Bool(false),
		"timeout":         pulumi.Int(timeoutSeconds),
	}, release, opts...)
	if err != nil {
		return nil, fmt.Errorf("installing %s: %w", installed.Namespace(), err)
	}
	return release, nil
}
