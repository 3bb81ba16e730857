package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// oldVersionSeconds is how long the old version stays after the switch. By then every kube-proxy knows of it.
	oldVersionSeconds = 30
	// roleLabel and previewRole mark pods that do not serve users yet.
	roleLabel   = "dreamseed.ai/release-role"
	previewRole = "preview"
)

// newBlueGreen starts all pods of the new version behind a Service of their own, and switches the real one over when
// they are ready.
func newBlueGreen(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*strategy, error) {
	active := args.Service.Workload()
	preview := active + "-preview"
	activeService, err := newSwitchedService(ctx, name+"-service", args, active, opts...)
	if err != nil {
		return nil, err
	}
	previewService, err := newSwitchedService(ctx, name+"-preview-service", args, preview, opts...)
	if err != nil {
		return nil, err
	}
	services := []pulumi.Resource{activeService, previewService}
	return &strategy{needs: services, services: services, spec: pulumi.Map{"blueGreen": pulumi.Map{
		"activeService":              pulumi.String(active),
		"previewService":             pulumi.String(preview),
		"autoPromotionEnabled":       pulumi.Bool(true),
		"scaleDownDelaySeconds":      pulumi.Int(oldVersionSeconds),
		"abortScaleDownDelaySeconds": pulumi.Int(oldVersionSeconds),
		"previewMetadata":            pulumi.Map{"labels": pulumi.StringMap{roleLabel: pulumi.String(previewRole)}},
	}}}, nil
}
