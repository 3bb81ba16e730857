package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// keptRevisions is how many former releases can be restored at once, without a new ReplicaSet.
const keptRevisions = 5

// workload runs a service's pods, and is the target of its autoscaler.
type workload struct {
	resource pulumi.Resource
	kind     kube.Kind
}

// released is a workload with the objects through which it is reached.
type released struct {
	workload *workload
	objects  []pulumi.Resource
}

// release registers the workload and Services of the strategy. The database is migrated before the first pod of a new
// version.
func release(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, migrated []pulumi.Resource,
	opts ...pulumi.ResourceOption,
) (*released, error) {
	if args.Service.Release.Strategy.ByRollout() {
		return releaseByRollout(ctx, name, args, template, migrated, opts...)
	}
	running, err := newDeployment(ctx, name+"-deployment", args, template, append(opts, pulumi.DependsOn(migrated))...)
	if err != nil {
		return nil, err
	}
	service, err := newClusterService(ctx, name+"-service", args, args.Service.Workload(), opts...)
	if err != nil {
		return nil, err
	}
	return &released{workload: running, objects: []pulumi.Resource{running.resource, service}}, nil
}

// workloadOptions leaves the replica count to the autoscaler and bounds the duration of a release.
func workloadOptions(args *Args) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{
		pulumi.IgnoreChanges([]string{"spec.replicas"}),
		kube.Deadline(args.RolloutDeadlineSeconds),
	}
}

// stepSeconds returns how long a release pauses on purpose.
func stepSeconds(release catalogue.Release) int {
	if release.Strategy != catalogue.Canary {
		return 0
	}
	return release.Canary.PauseSeconds()
}
