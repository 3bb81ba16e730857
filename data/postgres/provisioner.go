package postgres

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/services/catalogue"
)

// ProvisionerName is the name of what makes databases and roles on a server that the cloud runs: of its service
// account, of its pods, and of the suspended CronJob whose template does it again.
const ProvisionerName = "postgres-provisioner"

const (
	databasesPath = "/etc/databases"
	// administratorPath is the file with the administrator's password, in memory.
	administratorPath = workPath + "/administrator"
	administratorFile = "administrator.sh"
	// signInAttempts are two seconds apart.
	signInAttempts = 60
	// provisioningDeadline bounds the Job, in seconds, with the images that its node has to pull.
	provisioningDeadline = 10 * 60
)

// provisioner makes the databases and the roles of services on a server.
type provisioner struct {
	args     *ManagedArgs
	server   *cluster.Database
	identity *cluster.Identity
	services []catalogue.Service
}

// register registers the Job, once for each server and set of services, and a suspended CronJob that does the same on
// request: after a password was drawn anew.
func (p *provisioner) register(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	account, err := corev1.NewServiceAccount(ctx, name+"-provisioner", &corev1.ServiceAccountArgs{
		Metadata:                     p.accountMetadata(),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the provisioner's service account: %w", err)
	}
	files, err := p.files()
	if err != nil {
		return nil, err
	}
	scripts, err := kube.NewImmutableConfigMap(ctx, name+"-provisioner-scripts", &kube.ImmutableConfigMapArgs{
		Namespace: p.args.Namespace, Base: ProvisionerName, Labels: kube.WorkloadLabels(ProvisionerName), Data: files,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the provisioner's scripts: %w", err)
	}
	after := with(opts, pulumi.DependsOn(slices.Concat(
		[]pulumi.Resource{account}, p.server.Ready, p.identity.Ready)))
	if err := p.newCronJob(ctx, name, scripts, after...); err != nil {
		return nil, err
	}
	return p.newJob(ctx, name, files, scripts, after...)
}

func (p *provisioner) accountMetadata() *metav1.ObjectMetaArgs {
	return kube.Annotate(kube.Metadata(p.args.Namespace, ProvisionerName, kube.WorkloadLabels(ProvisionerName)),
		p.identity.Annotations)
}

func (p *provisioner) files() (map[string]string, error) {
	files, err := ProvisioningScripts()
	if err != nil {
		return nil, err
	}
	files[administratorFile] = p.server.Administrator.Script
	return files, nil
}

func (p *provisioner) newJob(
	ctx *pulumi.Context, name string, files map[string]string, scripts *corev1.ConfigMap, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	does := maps.Clone(files)
	does["server"], does["services"] = p.server.Name, strings.Join(p.names(), " ")
	physical := naming.WithHash(ProvisionerName, does)
	job, err := batchv1.NewJob(ctx, name+physical[len(Name):], &batchv1.JobArgs{
		Metadata: kube.Annotate(kube.Metadata(p.args.Namespace, physical, kube.WorkloadLabels(ProvisionerName)),
			pulumi.StringMap{
				// The next run replaces a failed Job.
				"pulumi.com/replaceUnready": pulumi.String("true"),
			}),
		Spec: p.jobSpec(scripts),
	}, with(opts, kube.Deadline(provisioningDeadline))...)
	if err != nil {
		return nil, fmt.Errorf("creating the job that makes the databases: %w", err)
	}
	return job, nil
}

func (p *provisioner) newCronJob(
	ctx *pulumi.Context, name string, scripts *corev1.ConfigMap, opts ...pulumi.ResourceOption,
) error {
	labels := kube.WorkloadLabels(ProvisionerName)
	_, err := batchv1.NewCronJob(ctx, name+"-provisioner", &batchv1.CronJobArgs{
		Metadata: kube.Metadata(p.args.Namespace, ProvisionerName, labels),
		Spec:     schedule{cron: never, suspended: true}.spec(labels, p.jobSpec(scripts)),
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating the cron job of the provisioner: %w", err)
	}
	return nil
}

func (p *provisioner) jobSpec(scripts *corev1.ConfigMap) *batchv1.JobSpecArgs {
	return &batchv1.JobSpecArgs{
		ActiveDeadlineSeconds: pulumi.Int(provisioningDeadline),
		BackoffLimit:          pulumi.Int(2),
		Template: &corev1.PodTemplateSpecArgs{
			Metadata: &metav1.ObjectMetaArgs{Labels: kube.WorkloadLabels(ProvisionerName)},
			Spec:     p.pod(scripts),
		},
	}
}

// names returns the names of the services in the order in which they are provisioned.
func (p *provisioner) names() []string {
	var names []string
	for _, service := range p.services {
		names = append(names, service.Name)
	}
	slices.Sort(names)
	return names
}
