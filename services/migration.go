package services

import (
	"fmt"
	"slices"
	"strings"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	// MigrationComponent is the label app.kubernetes.io/component of pods that migrate a database. A network policy
	// selects by it.
	MigrationComponent = "migration"
	// keptMigrations is how many images a release can go back without migrating again.
	keptMigrations = 20
)

// migrate registers the Job that migrates the database to the version that the image expects, and returns the resources
// that a new version waits for. An image with a complete migration is never migrated to again: migrations only expand
// what the version before them uses, so that returning to it needs none. The newest migration's Job stays until a
// further image replaces it.
func (s *Service) migrate(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	if !args.Service.Needs.Postgres {
		return nil, nil
	}
	order := Migrations(args.Service.Image, args.Migrated)
	job, err := newMigrationJob(ctx, name, args, order[0], opts...)
	if err != nil {
		return nil, err
	}
	s.Migrated = job.ID().ApplyT(func(pulumi.ID) []string { return order }).(pulumi.StringArrayOutput)
	return []pulumi.Resource{job}, nil
}

// Migrations returns the images in the order of their migrations, the newest first, this one included. Images are
// compared by digest, wherever they are pulled from. The image that was migrated with keeps its place, because the
// image of a Job cannot be changed.
func Migrations(image string, migrated []string) []string {
	if IsMigrated(image, migrated) {
		return migrated
	}
	all := append([]string{image}, migrated...)
	return all[:min(len(all), keptMigrations)]
}

// IsMigrated reports whether the migration of an image is among these, so that it does not run again.
func IsMigrated(image string, migrated []string) bool {
	return slices.ContainsFunc(migrated, func(other string) bool { return content(other) == content(image) })
}

// content returns the identity of an image: its digest, or, in the local environment, the whole name of an image
// without one.
func content(image string) string {
	if _, digest, pinned := strings.Cut(image, "@"); pinned {
		return digest
	}
	return image
}

func newMigrationJob(
	ctx *pulumi.Context, name string, args *Args, image string, opts ...pulumi.ResourceOption,
) (*batchv1.Job, error) {
	version := versionOf(image)
	deadline := args.Service.Migration.DeadlineSeconds
	return batchv1.NewJob(ctx, name+"-migration-"+version, &batchv1.JobArgs{
		Metadata: kube.Annotate(migrationMetadata(args, version), pulumi.StringMap{
			// The next run replaces a failed Job.
			"pulumi.com/replaceUnready": pulumi.String("true"),
		}),
		Spec: &batchv1.JobSpecArgs{
			ActiveDeadlineSeconds: pulumi.Int(deadline),
			// No retries: a person reads the failure and decides whether to try again.
			BackoffLimit:     pulumi.Int(0),
			PodFailurePolicy: exceptDisruption(),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: migrationLabels(args)},
				Spec:     migrationPod(args, image),
			},
		},
	}, append(opts, kube.Deadline(deadline))...)
}

// versionOf returns the version in the name of an image's migration: the beginning of its digest. Images without one
// exist in the local environment only.
func versionOf(image string) string {
	const digits = 12
	if _, digest, pinned := strings.Cut(image, "@sha256:"); pinned && len(digest) >= digits {
		return digest[:digits]
	}
	unpinned := naming.Rule{Length: digits, HashLength: digits}
	return unpinned.WithHash("", map[string]string{"image": image})
}

// exceptDisruption restarts a migration whose node was drained or lost.
func exceptDisruption() *batchv1.PodFailurePolicyArgs {
	return &batchv1.PodFailurePolicyArgs{Rules: batchv1.PodFailurePolicyRuleArray{&batchv1.PodFailurePolicyRuleArgs{
		Action: pulumi.String("Ignore"),
		OnPodConditions: batchv1.PodFailurePolicyOnPodConditionsPatternArray{
			&batchv1.PodFailurePolicyOnPodConditionsPatternArgs{
				Type: pulumi.String("DisruptionTarget"), Status: pulumi.String("True"),
			},
		},
	}}}
}

func migrationMetadata(args *Args, version string) *metav1.ObjectMetaArgs {
	named := metadata(args, fmt.Sprintf("%s-migration-%s", args.Service.Workload(), version))
	named.Labels = withComponent(kube.WorkloadLabels(MigrationName(args.Service)))
	return named
}

// migrationLabels returns labels that differ from those of the service: its Service, its disruption budget and its
// network policies must not select a pod that migrates.
func migrationLabels(args *Args) pulumi.StringMap {
	return withComponent(selector(MigrationName(args.Service)))
}

// MigrationName returns the label app.kubernetes.io/name of the pods that migrate the database of a service.
func MigrationName(service catalogue.Service) string { return service.Workload() + "-migration" }

func withComponent(labels pulumi.StringMap) pulumi.StringMap {
	labels[kube.ComponentLabel] = pulumi.String(MigrationComponent)
	return labels
}

// migrationPod runs Alembic (https://alembic.sqlalchemy.org) from the service's own image. It gets nothing but the
// address of the database.
func migrationPod(args *Args, image string) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		RestartPolicy:                pulumi.String("Never"),
		AutomountServiceAccountToken: pulumi.Bool(false),
		EnableServiceLinks:           pulumi.Bool(false),
		PriorityClassName:            pulumi.String(string(args.Service.Priority)),
		SecurityContext:              podSecurity(),
		Containers: corev1.ContainerArray{&corev1.ContainerArgs{
			Name:            pulumi.String("alembic"),
			Image:           pulumi.String(image),
			ImagePullPolicy: pulumi.String("IfNotPresent"),
			Command:         pulumi.ToStringArray([]string{"alembic", "upgrade", "head"}),
			Resources:       resources(args.Service.Migration.Resources),
			SecurityContext: kube.RestrictedContainer(),
			VolumeMounts: append(corev1.VolumeMountArray{mountedTemporaryFiles()},
				mountedFiles(len(secretSources(args.Secrets, databaseURL)))...),
		}},
		Volumes: append(corev1.VolumeArray{temporaryFiles()}, files(secretSources(args.Secrets, databaseURL))...),
	}
}
