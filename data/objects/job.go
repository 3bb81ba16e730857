package objects

import (
	_ "embed" // The script is a file, so that a test can run it.
	"encoding/xml"
	"fmt"
	"strings"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

//go:embed buckets.sh
var bucketsScript string

// jobName is the name of the Job's pods, as policies select them.
const jobName = Name + "-buckets"

const (
	// curlFile is the key of the administrator's Secret with the file that curl reads.
	curlFile  = "curl"
	adminPath = "/etc/admin"
)

// rules are the lifecycle rules of a bucket
// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html).
type rules struct {
	XMLName xml.Name `xml:"LifecycleConfiguration"`
	Rule    []rule
}

type rule struct {
	ID     string
	Filter struct{ Prefix string }
	Status string
	Days   int `xml:"Expiration>Days"`
	// Unfinished is after how many days the parts of an upload that never ended are deleted.
	Unfinished int `xml:"AbortIncompleteMultipartUpload>DaysAfterInitiation"`
}

// backupRules delete each backup after some days.
func backupRules(days int) (string, error) {
	text, err := xml.Marshal(rules{Rule: []rule{{ID: BackupsBucket, Status: "Enabled", Days: days, Unfinished: 1}}})
	if err != nil {
		return "", fmt.Errorf("writing the rules of the backups: %w", err)
	}
	return string(text), nil
}

// settings returns what the script is told.
func (a *Args) settings() (map[string]string, error) {
	rules, err := backupRules(a.BackupDays)
	if err != nil {
		return nil, err
	}
	all := []string{BackupsBucket}
	for _, service := range Needing(a.Services) {
		all = append(all, buckets(service)...)
	}
	return map[string]string{
		"ADMIN": adminPath + "/" + curlFile, "ENDPOINT": Endpoint(a.Namespace), "BUCKETS": strings.Join(all, " "),
		"BACKUPS": BackupsBucket, "RULES": rules,
	}, nil
}

// jobDeadline bounds the Job, in seconds: the first start of the store needs a volume and an image.
const jobDeadline = 10 * 60

// newBuckets registers the Job that makes the buckets, once for each set of them.
func newBuckets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	settings, err := args.settings()
	if err != nil {
		return nil, err
	}
	told := map[string]string{"script": bucketsScript}
	environment := corev1.EnvVarArray{}
	for _, key := range []string{"ADMIN", "BACKUPS", "BUCKETS", "ENDPOINT", "RULES"} {
		told[key] = settings[key]
		environment = append(environment, variable(key, settings[key]))
	}
	physical := naming.WithHash(jobName, told)
	labels := kube.WorkloadLabels(jobName)
	job, err := batchv1.NewJob(ctx, name+physical[len(Name):], &batchv1.JobArgs{
		Metadata: kube.Annotate(kube.Metadata(args.Namespace, physical, labels), pulumi.StringMap{
			// The next run replaces a failed Job.
			"pulumi.com/replaceUnready": pulumi.String("true"),
		}),
		Spec: &batchv1.JobSpecArgs{
			ActiveDeadlineSeconds: pulumi.Int(jobDeadline),
			BackoffLimit:          pulumi.Int(2),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels},
				Spec:     jobPod(environment),
			},
		},
	}, append(opts, kube.Deadline(jobDeadline))...)
	if err != nil {
		return nil, fmt.Errorf("creating the job that makes the buckets: %w", err)
	}
	return job, nil
}

// unprivilegedUser owns nothing in the image and on any node.
const unprivilegedUser = 10001

// jobPod runs curl from the image of the store, which its node has anyhow.
func jobPod(environment corev1.EnvVarArray) *corev1.PodSpecArgs {
	credentials := replica.Credentials(adminPath, []replica.Credential{{Secret: adminSecret, Key: curlFile}})[0]
	security := kube.RestrictedPod(unprivilegedUser)
	security.FsGroup = pulumi.Int(unprivilegedUser)
	return &corev1.PodSpecArgs{
		RestartPolicy:                pulumi.String("Never"),
		AutomountServiceAccountToken: pulumi.Bool(false),
		EnableServiceLinks:           pulumi.Bool(false),
		PriorityClassName:            pulumi.String(string(catalogue.Critical)),
		SecurityContext:              security,
		Containers: corev1.ContainerArray{&corev1.ContainerArgs{
			Name:            pulumi.String(jobName),
			Image:           pulumi.String(Image),
			ImagePullPolicy: pulumi.String("IfNotPresent"),
			Command:         pulumi.ToStringArray(shell(bucketsScript)),
			Env:             environment,
			Resources:       replica.Resources(jobRequests(), jobLimits()),
			SecurityContext: kube.RestrictedContainer(),
			VolumeMounts:    corev1.VolumeMountArray{credentials.Mount()},
		}},
		Volumes: corev1.VolumeArray{credentials.Volume()},
	}
}
