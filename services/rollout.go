package services

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// The kinds of Argo Rollouts.
var (
	rolloutKind  = kube.Kind{APIVersion: "argoproj.io/v1alpha1", Name: "Rollout"}
	analysisKind = kube.Kind{APIVersion: "argoproj.io/v1alpha1", Name: "AnalysisTemplate"}
)

// releaseByRollout hands the release to Argo Rollouts (https://argo-rollouts.readthedocs.io).
func releaseByRollout(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, migrated []pulumi.Resource,
	opts ...pulumi.ResourceOption,
) (*released, error) {
	steps, err := strategies[args.Service.Release.Strategy](ctx, name, args, opts...)
	if err != nil {
		return nil, err
	}
	first := pulumi.DependsOn(slices.Concat(migrated, steps.needs))
	running, err := newRollout(ctx, name+"-rollout", args, template, steps.spec, append(opts, first)...)
	if err != nil {
		return nil, err
	}
	return &released{workload: running, objects: append(steps.services, running.resource)}, nil
}

// strategy holds the parts of a Rollout that depend on the release strategy.
type strategy struct {
	// spec is the field spec.strategy.
	spec pulumi.Map
	// needs must exist before the Rollout, which would be invalid without them.
	needs []pulumi.Resource
	// services are the Services through which the service is reached.
	services []pulumi.Resource
}

var strategies = map[catalogue.Strategy]func(
	*pulumi.Context, string, *Args, ...pulumi.ResourceOption,
) (*strategy, error){
	catalogue.BlueGreen: newBlueGreen,
	catalogue.Canary:    newCanary,
}

func newRollout(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, steps pulumi.Map,
	opts ...pulumi.ResourceOption,
) (*workload, error) {
	token := releaseToken(template)
	meta := kube.Annotate(metadata(args, args.Service.Workload()), kube.With(awaitRollout(token), pulumi.StringMap{
		// In the background: with foreground deletion, a service that leaves this strategy would not get its Service back
		// until the last pod of the Rollout is gone.
		"pulumi.com/deletionPropagationPolicy": pulumi.String("background"),
	}))
	rollout, err := kube.NewCustomResource(ctx, name, rolloutKind, meta, pulumi.Map{
		"replicas":             pulumi.Int(args.Service.Autoscaling.MinReplicas),
		"revisionHistoryLimit": pulumi.Int(keptRevisions),
		// Returning to a recent release needs no new proof.
		"rollbackWindow":          pulumi.Map{"revisions": pulumi.Int(keptRevisions)},
		"progressDeadlineSeconds": pulumi.Int(args.RolloutDeadlineSeconds - stepSeconds(args.Service.Release)),
		"progressDeadlineAbort":   pulumi.Bool(true),
		"selector":                pulumi.Map{"matchLabels": selector(args.Service.Workload())},
		"restartAt":               token,
		"strategy":                steps,
		"template":                template,
	}, append(opts, workloadOptions(args)...)...)
	if err != nil {
		return nil, fmt.Errorf("creating the rollout: %w", err)
	}
	return &workload{resource: rollout, kind: rolloutKind}, nil
}

// awaitRollout makes the engine wait for the controller's verdict on this very template. The phase alone could be the
// former release's: a Rollout publishes its observed generation as a string, which the provider does not compare.
func awaitRollout(token pulumi.StringOutput) pulumi.StringMap {
	return kube.WaitForAll(pulumi.StringArray{
		pulumi.String("jsonpath={.status.phase}=Healthy"),
		pulumi.Sprintf("jsonpath={.status.restartedAt}=%s", token),
	})
}

// releaseToken returns the value that the controller reports in status.restartedAt once it has seen the template: a
// time derived from the template's content. It lies long before any pod was created, so that it restarts nothing.
func releaseToken(template *corev1.PodTemplateSpecArgs) pulumi.StringOutput {
	return template.ToPodTemplateSpecOutput().ApplyT(func(template corev1.PodTemplateSpec) (string, error) {
		encoded, err := json.Marshal(template)
		if err != nil {
			return "", fmt.Errorf("encoding the pod template: %w", err)
		}
		content := fnv.New32a()
		content.Write(encoded)
		return longAgo.Add(time.Duration(content.Sum32()%tokens) * time.Second).Format(time.RFC3339), nil
	}).(pulumi.StringOutput)
}

// tokens is the number of seconds between longAgo and the first Kubernetes release.
const tokens = 430_000_000

var longAgo = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
