// Package datajob runs a Job from the template of a CronJob at once, waits for its end, and tells what it said. It
// needs no access to logs: the scripts leave what they have to say in the status of their pods.
package datajob

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	kubeerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// Runner runs Jobs in one namespace.
type Runner struct {
	// Client has the rights of whoever asks: it reads CronJobs and pods, and creates and reads Jobs.
	Client dynamic.Interface
	// Namespace is the namespace of the CronJobs.
	Namespace string
	// Every is the pause between two looks. Default two seconds.
	Every time.Duration
	// Now is the time in the name of the Job. Default time.Now.
	Now func() time.Time
	// Started is told the name of the Job once it exists. Default nobody.
	Started func(job string)
}

// MissingError means that there is no CronJob to run.
type MissingError struct{ Namespace, CronJob string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("the namespace %s has no CronJob %s: run pulumi up first, with backups "+
		"(dreamseed:data.postgres.backup)", e.Namespace, e.CronJob)
}

// BusyError means that a Job of the same CronJob runs already.
type BusyError struct{ CronJob, Job string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("the Job %s of %s is at work: wait for its end, or delete it", e.Job, e.CronJob)
}

// FailedError means that the Job failed.
type FailedError struct {
	Job string
	// Reason is what Kubernetes says, such as DeadlineExceeded.
	Reason string
	// Code is the exit code of the container that failed. 0 if none did.
	Code int
	// Message is what that container left. Empty if it said nothing.
	Message string
}

func (e *FailedError) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("the Job %s failed: %s", e.Job, e.Reason)
	}
	return fmt.Sprintf("the Job %s failed (%s): %s", e.Job, e.Reason, e.Message)
}

// manual marks a Job as kubectl create job does.
const manual = "cronjob.kubernetes.io/instantiate"

var (
	cronJobs = schema.GroupVersionResource{Group: "batch", Version: "v1", Resource: "cronjobs"}
	jobs     = schema.GroupVersionResource{Group: "batch", Version: "v1", Resource: "jobs"}
	pods     = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
)

// Run makes a Job from a CronJob, with these variables in each of its containers, and returns what the containers left
// once it has succeeded. An interrupt deletes the Job.
func (r *Runner) Run(ctx context.Context, cronJob string, variables map[string]string) ([]string, error) {
	var template batchv1.CronJob
	err := r.get(ctx, cronJobs, cronJob, &template)
	if kubeerrors.IsNotFound(err) {
		return nil, &MissingError{r.Namespace, cronJob}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the CronJob %s: %w", cronJob, err)
	}
	if err := r.refuseSecond(ctx, &template); err != nil {
		return nil, err
	}
	job := instantiate(&template, r.now(), variables)
	if err := r.create(ctx, job); err != nil {
		return nil, fmt.Errorf("creating the Job %s: %w", job.Name, err)
	}
	if r.Started != nil {
		r.Started(job.Name)
	}
	verdict, err := r.await(ctx, job.Name)
	if err != nil {
		return nil, err
	}
	return r.told(ctx, job.Name, verdict)
}

func (r *Runner) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// refuseSecond refuses to start a second Job of a CronJob, whoever started the first one.
func (r *Runner) refuseSecond(ctx context.Context, template *batchv1.CronJob) error {
	list, err := r.Client.Resource(jobs).Namespace(r.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing the Jobs of the namespace %s: %w", r.Namespace, err)
	}
	for _, item := range list.Items {
		var job batchv1.Job
		if err := into(&item, &job); err != nil {
			return err
		}
		if metav1.IsControlledBy(&job, template) && verdictOf(&job) == nil {
			return &BusyError{template.Name, job.Name}
		}
	}
	return nil
}

// instantiate returns a Job of a CronJob, as its controller would make it.
func instantiate(template *batchv1.CronJob, now time.Time, variables map[string]string) *batchv1.Job {
	spec := *template.Spec.JobTemplate.Spec.DeepCopy()
	for _, containers := range [][]corev1.Container{spec.Template.Spec.InitContainers, spec.Template.Spec.Containers} {
		for i := range containers {
			containers[i].Env = set(containers[i].Env, variables)
		}
	}
	return &batchv1.Job{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace:   template.Namespace,
			Name:        template.Name + "-" + now.UTC().Format("20060102-150405"),
			Labels:      template.Spec.JobTemplate.Labels,
			Annotations: map[string]string{manual: "manual"},
			OwnerReferences: []metav1.OwnerReference{
				*metav1.NewControllerRef(template, batchv1.SchemeGroupVersion.WithKind("CronJob")),
			},
		},
		Spec: spec,
	}
}

// set replaces the values of the variables that a container has. It adds none: each task has its own.
func set(existing []corev1.EnvVar, variables map[string]string) []corev1.EnvVar {
	for i := range existing {
		if value, given := variables[existing[i].Name]; given {
			existing[i].Value = value
		}
	}
	return existing
}

// every is the default pause between two looks at a Job.
const every = 2 * time.Second

// await returns the condition with which the Job ended.
func (r *Runner) await(ctx context.Context, name string) (*batchv1.JobCondition, error) {
	pause := r.Every
	if pause == 0 {
		pause = every
	}
	for {
		var job batchv1.Job
		if err := r.get(ctx, jobs, name, &job); err != nil {
			return nil, fmt.Errorf("waiting for the Job %s, which may be at work: %w", name, err)
		}
		if verdict := verdictOf(&job); verdict != nil {
			return verdict, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(context.Cause(ctx), r.abandon(ctx, name))
		case <-time.After(pause):
		}
	}
}

// patience is how long the API server may take to delete a Job that nobody waits for any more.
const patience = 10 * time.Second

// abandon deletes a Job with its pods. What it did in a transaction is undone.
func (r *Runner) abandon(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	with := metav1.DeletePropagationBackground
	err := r.Client.Resource(jobs).Namespace(r.Namespace).Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &with})
	if err != nil {
		return fmt.Errorf("deleting the Job %s, which may go on: %w", name, err)
	}
	return nil
}

// verdictOf returns the condition with which a Job ended, or nil while it is at work.
func verdictOf(job *batchv1.Job) *batchv1.JobCondition {
	for i, condition := range job.Status.Conditions {
		ended := condition.Type == batchv1.JobComplete || condition.Type == batchv1.JobFailed
		if ended && condition.Status == corev1.ConditionTrue {
			return &job.Status.Conditions[i]
		}
	}
	return nil
}

// told returns what the containers of the Job's last pod left, or the error of the one that failed.
func (r *Runner) told(ctx context.Context, job string, verdict *batchv1.JobCondition) ([]string, error) {
	ended, err := r.containers(ctx, job)
	if verdict.Type == batchv1.JobComplete {
		return messages(ended), err
	}
	failed := &FailedError{Job: job, Reason: strings.TrimSpace(verdict.Reason + ": " + verdict.Message)}
	for _, one := range ended {
		if one.ExitCode != 0 {
			failed.Code, failed.Message = int(one.ExitCode), strings.TrimSpace(one.Message)
			break
		}
	}
	return nil, errors.Join(failed, err)
}

func messages(ended []corev1.ContainerStateTerminated) []string {
	var all []string
	for _, one := range ended {
		if message := strings.TrimSpace(one.Message); message != "" {
			all = append(all, message)
		}
	}
	return all
}

// containers returns how the containers of the Job's last pod ended, in the order in which they ran.
func (r *Runner) containers(ctx context.Context, job string) ([]corev1.ContainerStateTerminated, error) {
	list, err := r.Client.Resource(pods).Namespace(r.Namespace).List(ctx, metav1.ListOptions{
		LabelSelector: batchv1.JobNameLabel + "=" + job,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the pods of the Job %s: %w", job, err)
	}
	var last corev1.Pod
	for _, item := range list.Items {
		var pod corev1.Pod
		if err := into(&item, &pod); err != nil {
			return nil, err
		}
		if last.Name == "" || last.CreationTimestamp.Before(&pod.CreationTimestamp) {
			last = pod
		}
	}
	var ended []corev1.ContainerStateTerminated
	for _, statuses := range [][]corev1.ContainerStatus{last.Status.InitContainerStatuses, last.Status.ContainerStatuses} {
		for _, status := range statuses {
			if status.State.Terminated != nil {
				ended = append(ended, *status.State.Terminated)
			}
		}
	}
	return ended, nil
}

func (r *Runner) get(ctx context.Context, kind schema.GroupVersionResource, name string, object any) error {
	found, err := r.Client.Resource(kind).Namespace(r.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	return into(found, object)
}

func (r *Runner) create(ctx context.Context, job *batchv1.Job) error {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(job)
	if err != nil {
		return err
	}
	_, err = r.Client.Resource(jobs).Namespace(r.Namespace).
		Create(ctx, &unstructured.Unstructured{Object: content}, metav1.CreateOptions{})
	return err
}

func into(from *unstructured.Unstructured, object any) error {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(from.Object, object); err != nil {
		return fmt.Errorf("reading %s %s: %w", from.GetKind(), from.GetName(), err)
	}
	return nil
}
