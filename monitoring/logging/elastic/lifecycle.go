package elastic

import (
	"encoding/json"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/services/catalogue"
)

// policyName is the name of the policy of index lifecycles.
const policyName = "dreamseed-logs"

// templateName is the component template that Elasticsearch's own index template for OpenTelemetry's logs leaves to its
// users, and puts over its defaults
// (https://github.com/elastic/elasticsearch/tree/v9.4.5/x-pack/plugin/otel-data/src/main/resources/index-templates).
// These name the policy logs@lifecycle, which deletes nothing.
const templateName = "logs-otel@custom"

// policy is a policy of index lifecycles
// (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-ilm-put-lifecycle).
type policy struct {
	Policy struct {
		Phases struct {
			Hot    hotPhase    `json:"hot"`
			Delete deletePhase `json:"delete"`
		} `json:"phases"`
	} `json:"policy"`
}

type hotPhase struct {
	MinAge  string `json:"min_age"`
	Actions struct {
		Rollover struct {
			MaxAge              string `json:"max_age"`
			MaxPrimaryShardSize string `json:"max_primary_shard_size"`
		} `json:"rollover"`
	} `json:"actions"`
}

type deletePhase struct {
	// MinAge counts from the day on which nothing was added to the index any more.
	MinAge  string `json:"min_age"`
	Actions struct {
		Delete struct{} `json:"delete"`
	} `json:"actions"`
}

// template is a component template
// (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cluster-put-component-template).
type template struct {
	Template struct {
		Settings struct {
			Policy string `json:"index.lifecycle.name"`
		} `json:"settings"`
	} `json:"template"`
}

// Requests that set the retention, by the name of the file with their body, and the paths that they go to.
const (
	policyFile   = "policy.json"
	templateFile = "template.json"
)

// bodies returns the files with the bodies of the requests. An index takes lines for a day, and is deleted as many days
// later as lines are kept. A changed policy holds for the indices that are there.
func bodies(retentionDays int) (map[string]string, error) {
	var lifecycle policy
	phases := &lifecycle.Policy.Phases
	phases.Hot.MinAge = "0ms"
	phases.Hot.Actions.Rollover.MaxAge = "1d"
	phases.Hot.Actions.Rollover.MaxPrimaryShardSize = "50gb"
	phases.Delete.MinAge = fmt.Sprintf("%dd", retentionDays)
	var custom template
	custom.Template.Settings.Policy = policyName
	files := map[string]string{}
	for name, body := range map[string]any{policyFile: lifecycle, templateFile: custom} {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
		files[name] = string(text)
	}
	return files, nil
}

// Places in the Job's container.
const (
	bodiesPath    = "/etc/lifecycle/bodies"
	userPath      = "/etc/lifecycle/user"
	authorityPath = "/etc/lifecycle/authority"
)

// script waits until Elasticsearch is up and sets the retention. Both requests may be repeated, and the second one
// names what the first one makes.
func script(url string) string {
	ask := "curl --silent --show-error --fail-with-body --config " + userPath + "/" + curlKey +
		" --cacert " + authorityPath + "/" + authorityKey + " --max-time 30"
	put := ask + " --retry 5 --retry-all-errors --request PUT --header 'Content-Type: application/json'" +
		" --data @" + bodiesPath
	return "set -eu\n" +
		ask + " --retry 80 --retry-delay 10 --retry-all-errors '" + url + "/_cluster/health?wait_for_status=yellow'\n" +
		put + "/" + policyFile + " '" + url + "/_ilm/policy/" + policyName + "'\n" +
		put + "/" + templateFile + " '" + url + "/_component_template/" + templateName + "'\n"
}

// lifecycleDeadline bounds the Job, in seconds: the first start of Elasticsearch needs volumes, images and an election.
const lifecycleDeadline = 20 * 60

// newLifecycle registers the Job that sets the retention, once for each content. docs/decisions/elasticsearch-by-eck.md
// says why nothing simpler does.
func newLifecycle(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	files, err := bodies(args.RetentionDays)
	if err != nil {
		return nil, err
	}
	physical := naming.WithHash(Lifecycle, files)
	hash := physical[len(Lifecycle):]
	config, err := kube.NewImmutableConfigMap(ctx, name+"-bodies", &kube.ImmutableConfigMapArgs{
		Namespace: args.Namespace, Base: Lifecycle, Labels: labels(Lifecycle), Data: files,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the bodies of the lifecycle's requests: %w", err)
	}
	job, err := batchv1.NewJob(ctx, name+hash, &batchv1.JobArgs{
		Metadata: kube.Annotate(kube.Metadata(args.Namespace, physical, labels(Lifecycle)), pulumi.StringMap{
			// The next run replaces a failed Job.
			"pulumi.com/replaceUnready": pulumi.String("true"),
		}),
		Spec: &batchv1.JobSpecArgs{
			ActiveDeadlineSeconds: pulumi.Int(lifecycleDeadline),
			BackoffLimit:          pulumi.Int(2),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels(Lifecycle)},
				Spec:     args.lifecyclePod(config),
			},
		},
	}, append(opts, kube.Deadline(lifecycleDeadline))...)
	if err != nil {
		return nil, fmt.Errorf("creating the lifecycle's job: %w", err)
	}
	return job, nil
}

// lifecyclePod runs curl from the image of Elasticsearch, which the nodes have anyhow.
func (a *Args) lifecyclePod(config *corev1.ConfigMap) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		RestartPolicy:                pulumi.String("Never"),
		AutomountServiceAccountToken: pulumi.Bool(false),
		EnableServiceLinks:           pulumi.Bool(false),
		PriorityClassName:            pulumi.String(string(catalogue.Standard)),
		SecurityContext:              ofImage(),
		Containers: corev1.ContainerArray{&corev1.ContainerArgs{
			Name:            pulumi.String(Lifecycle),
			Image:           pulumi.String("docker.elastic.co/elasticsearch/elasticsearch:" + Version),
			ImagePullPolicy: pulumi.String("IfNotPresent"),
			Command:         pulumi.ToStringArray([]string{"bash", "-c", script(URL(a.Namespace))}),
			Resources: &corev1.ResourceRequirementsArgs{
				Requests: pulumi.ToStringMap(map[string]string{"cpu": "10m", "memory": "32Mi", "ephemeral-storage": "16Mi"}),
				Limits:   pulumi.ToStringMap(map[string]string{"cpu": "100m", "memory": "64Mi", "ephemeral-storage": "64Mi"}),
			},
			SecurityContext: kube.RestrictedContainer(),
			VolumeMounts: corev1.VolumeMountArray{
				kube.ReadOnlyMount("bodies", bodiesPath), kube.ReadOnlyMount("user", userPath),
				kube.ReadOnlyMount("authority", authorityPath),
			},
		}},
		Volumes: corev1.VolumeArray{
			&corev1.VolumeArgs{
				Name:      pulumi.String("bodies"),
				ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: config.Metadata.Name()},
			},
			ofSecret("user", keeper.secret(), curlKey),
			ofSecret("authority", authoritySecret, authorityKey),
		},
	}
}

// ofSecret returns a volume with one key of a Secret. The pod waits until there is one.
func ofSecret(name, secret, key string) *corev1.VolumeArgs {
	const groupMayRead = 0o440
	return &corev1.VolumeArgs{Name: pulumi.String(name), Secret: &corev1.SecretVolumeSourceArgs{
		SecretName:  pulumi.String(secret),
		DefaultMode: pulumi.Int(groupMayRead),
		Items:       corev1.KeyToPathArray{&corev1.KeyToPathArgs{Key: pulumi.String(key), Path: pulumi.String(key)}},
	}}
}
