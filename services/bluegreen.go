package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// oldVersionSeconds is how long the old version stays after the switch: every kube-proxy has heard of it by then.
	oldVersionSeconds = 30
	// roleLabel and previewRole mark the pods that take no requests of users yet.
	roleLabel   = "dreamseed.ai/release-role"
	previewRole = "preview"
)

// newBlueGreen brings all pods of the new version up behind a Service of their own, and moves the real one over when
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
