package postgres

import (
	"fmt"
	"slices"
	"strings"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// DrillName is the name of the CronJob that restores the newest backups into a server of its own.
const DrillName = "postgres-restore-drill"

// BackupName returns the name of the CronJob that dumps the database of a service.
func BackupName(service string) string { return service + "-backup" }

// RestoreName returns the name of the suspended CronJob whose template restores the database of a service.
func RestoreName(service string) string { return service + "-restore" }

// Variables of a restore that whoever starts it sets, in every container.
const (
	// AtVariable is the newest time that the backup may be of, as in its name: 20261127T021500Z. Empty means the newest.
	AtVariable = "AT"
	// OverwriteNewerVariable replaces a database that is newer than the backup, if it is true.
	OverwriteNewerVariable = "OVERWRITE_NEWER"
)

// RefusedCode is the exit code of a restore that would replace a newer database.
const RefusedCode = 5

// TimeLayout is the layout of the times in the names of backups, in UTC.
const TimeLayout = "20060102T150405Z"

// schedule says when a CronJob makes a Job, and how often that is tried.
type schedule struct {
	// cron is in UTC.
	cron string
	// suspended makes Jobs on request only.
	suspended bool
	// retries of a failed pod.
	retries int
	// deadlineSeconds bounds a Job, retries included.
	deadlineSeconds int
}

const (
	// startingDeadline is how late a Job may start, in seconds, after the controllers were away.
	startingDeadline = 2 * 60 * 60
	// jobDeadline bounds a backup and a restore, in seconds.
	jobDeadline = 2 * 60 * 60
	// drillDeadline bounds the drill of all services.
	drillDeadline = 6 * 60 * 60
)

// newBackups registers the scripts and the CronJobs of every service, and the drill.
func (p *Postgres) newBackups(
	ctx *pulumi.Context, name string, args *Args, declare []catalogue.Service, opts ...pulumi.ResourceOption,
) error {
	after := with(opts, pulumi.DependsOn(args.ObjectStorage.Ready))
	scripts, err := newScripts(ctx, name+"-scripts", args, opts...)
	if err != nil {
		return fmt.Errorf("creating the scripts: %w", err)
	}
	for i, service := range declare {
		own := with(after, pulumi.DependsOn(p.Connections[service.Name].Ready))
		daily := schedule{cron: args.Spec.Backup.daily(i, len(declare)), retries: 2, deadlineSeconds: jobDeadline}
		err := newCronJob(ctx, name+"-"+service.Name+"-backup", args, scripts, args.backup(service), daily, own...)
		if err != nil {
			return err
		}
		asked := schedule{cron: never, suspended: true, deadlineSeconds: jobDeadline}
		err = newCronJob(ctx, name+"-"+service.Name+"-restore", args, scripts, args.restore(service), asked, own...)
		if err != nil {
			return err
		}
	}
	weekly := schedule{cron: args.Spec.Backup.weekly(), deadlineSeconds: drillDeadline}
	return newCronJob(ctx, name+"-restore-drill", args, scripts, args.drill(declare), weekly, after...)
}

// never is a time that no calendar has: a suspended CronJob needs a schedule all the same.
const never = "0 0 31 2 *"

// daily returns the schedule of the backup of one service of several: all within the hour, one after the other.
func (b Backup) daily(position, of int) string {
	return fmt.Sprintf("%d %d * * *", position*60/of, b.Hour)
}

// weekly returns the schedule of the drill: on Sunday, two hours after the first backup began, or on Monday where that
// is after midnight.
func (b Backup) weekly() string {
	const later, hours = 2, 24
	return fmt.Sprintf("30 %d * * %d", (b.Hour+later)%hours, (b.Hour+later)/hours)
}

func (a *Args) backup(service catalogue.Service) pod {
	named := map[string]string{"SERVICE": service.Name}
	return pod{
		name: BackupName(service.Name), disk: a.Spec.Storage, database: secretName(service),
		tasks: []task{
			postgresTask("dump", "backup.sh", named).signedIn(a, service), storeTask("upload", "upload.sh", a, named),
		},
	}
}

func (a *Args) restore(service catalogue.Service) pod {
	return pod{
		name: RestoreName(service.Name), disk: a.Spec.Storage, database: secretName(service),
		tasks: []task{
			storeTask("download", "download.sh", a, map[string]string{"SERVICES": service.Name, AtVariable: ""}),
			postgresTask("restore", "restore.sh", map[string]string{
				"SERVICE": service.Name, AtVariable: "", OverwriteNewerVariable: "false",
			}).signedIn(a, service),
		},
	}
}

// drill needs room for the newest backups, and for the largest of them as a database.
func (a *Args) drill(declare []catalogue.Service) pod {
	var names []string
	for _, service := range declare {
		names = append(names, service.Name)
	}
	slices.Sort(names)
	all := strings.Join(names, " ")
	return pod{
		name: DrillName, disk: twice(a.Spec.Storage),
		tasks: []task{
			storeTask("download", "download.sh", a, map[string]string{"SERVICES": all, AtVariable: ""}),
			postgresTask("drill", "drill.sh", map[string]string{
				"SERVICES": all, "MAX_AGE_HOURS": fmt.Sprint(maxAgeHours),
			}),
		},
	}
}

func twice(amount resource.Quantity) resource.Quantity {
	product := amount.DeepCopy()
	product.Mul(2)
	return product
}

// newCronJob registers a CronJob. A Job that failed stays, so that it can be seen, and an alert can fire.
func newCronJob(
	ctx *pulumi.Context, name string, args *Args, scripts *corev1.ConfigMap, of pod, when schedule,
	opts ...pulumi.ResourceOption,
) error {
	labels := kube.With(kube.Labels(), podLabels(of.name))
	_, err := batchv1.NewCronJob(ctx, name, &batchv1.CronJobArgs{
		Metadata: kube.Metadata(args.Namespace, of.name, labels),
		Spec: when.spec(labels, &batchv1.JobSpecArgs{
			BackoffLimit:          pulumi.Int(when.retries),
			ActiveDeadlineSeconds: pulumi.Int(when.deadlineSeconds),
			Template:              of.template(args, scripts),
		}),
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating the cron job %s: %w", of.name, err)
	}
	return nil
}

// spec returns what makes Jobs with these labels at the schedule's times, one after the other.
func (s schedule) spec(labels pulumi.StringMap, job *batchv1.JobSpecArgs) *batchv1.CronJobSpecArgs {
	return &batchv1.CronJobSpecArgs{
		Schedule:                   pulumi.String(s.cron),
		TimeZone:                   pulumi.String("Etc/UTC"),
		Suspend:                    pulumi.Bool(s.suspended),
		ConcurrencyPolicy:          pulumi.String("Forbid"),
		StartingDeadlineSeconds:    pulumi.Int(startingDeadline),
		SuccessfulJobsHistoryLimit: pulumi.Int(1),
		FailedJobsHistoryLimit:     pulumi.Int(1),
		JobTemplate: &batchv1.JobTemplateSpecArgs{
			Metadata: &metav1.ObjectMetaArgs{Labels: labels}, Spec: job,
		},
	}
}
