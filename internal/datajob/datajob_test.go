package datajob_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	kubeerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	ktesting "k8s.io/client-go/testing"

	"github.com/dreamseed/platform/internal/datajob"
)

const (
	namespace = "dreamseed-test"
	jobName   = "user-restore-20261127-103000"
)

var jobs = schema.GroupVersionResource{Group: "batch", Version: "v1", Resource: "jobs"}

func now() time.Time { return time.Date(2026, 11, 27, 10, 30, 0, 0, time.UTC) }

func cronJob() *batchv1.CronJob {
	environment := []corev1.EnvVar{{Name: "AT"}, {Name: "SERVICE", Value: "user"}}
	return &batchv1.CronJob{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "user-restore", UID: "cron"},
		Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"kept": "yes"}},
			Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				InitContainers: []corev1.Container{{Name: "download", Env: environment}},
				Containers: []corev1.Container{{
					Name: "restore", Env: []corev1.EnvVar{{Name: "OVERWRITE_NEWER", Value: "false"}},
				}},
			}}},
		}},
	}
}

func ended(code int32, message string) corev1.ContainerStatus {
	return corev1.ContainerStatus{State: corev1.ContainerState{
		Terminated: &corev1.ContainerStateTerminated{ExitCode: code, Message: message},
	}}
}

// podOf is a pod of the Job that was made so many seconds after the others.
func podOf(name string, after int, first, second corev1.ContainerStatus) *corev1.Pod {
	return &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: name, Labels: map[string]string{"batch.kubernetes.io/job-name": jobName},
			CreationTimestamp: metav1.NewTime(now().Add(time.Duration(after) * time.Second)),
		},
		Status: corev1.PodStatus{
			InitContainerStatuses: []corev1.ContainerStatus{first}, ContainerStatuses: []corev1.ContainerStatus{second},
		},
	}
}

// runner has a cluster with these objects, in which a created Job ends on the third look, with the condition.
func runner(
	t *testing.T, verdict batchv1.JobConditionType, objects ...runtime.Object,
) (*datajob.Runner, *fake.FakeDynamicClient) {
	t.Helper()
	scheme := runtime.NewScheme()
	require.NoError(t, batchv1.AddToScheme(scheme))
	require.NoError(t, corev1.AddToScheme(scheme))
	client := fake.NewSimpleDynamicClient(scheme, objects...)
	looks := 0
	client.PrependReactor("get", "jobs", func(action ktesting.Action) (bool, runtime.Object, error) {
		found, err := client.Tracker().Get(jobs, namespace, action.(ktesting.GetAction).GetName())
		if looks++; err != nil || looks < 3 {
			return true, found, err
		}
		job := found.(*unstructured.Unstructured).DeepCopy()
		err = unstructured.SetNestedSlice(job.Object, []any{map[string]any{
			"type": string(verdict), "status": "True", "reason": "BackoffLimitExceeded", "message": "as it was told",
		}}, "status", "conditions")
		return true, job, err
	})
	return &datajob.Runner{Client: client, Namespace: namespace, Every: time.Millisecond, Now: now}, client
}

func TestAJobIsMadeFromTheTemplateAndSaysWhatItDid(t *testing.T) {
	one, client := runner(t, batchv1.JobComplete, cronJob(),
		podOf("first", 0, ended(0, ""), ended(1, "a former try")),
		podOf("last", 5, ended(0, "Fetched it.\n"), ended(0, "1 → 2 rows")))
	var started string
	one.Started = func(job string) { started = job }
	variables := map[string]string{"AT": "20261126T000000Z", "OVERWRITE_NEWER": "true"}
	said, err := one.Run(t.Context(), "user-restore", variables)
	require.NoError(t, err)
	assert.Equal(t, []string{"Fetched it.", "1 → 2 rows"}, said)
	assert.Equal(t, jobName, started)

	object, err := client.Tracker().Get(jobs, namespace, jobName)
	require.NoError(t, err)
	var job batchv1.Job
	content := object.(*unstructured.Unstructured).Object
	require.NoError(t, runtime.DefaultUnstructuredConverter.FromUnstructured(content, &job))
	assert.Equal(t, map[string]string{"kept": "yes"}, job.Labels)
	assert.Equal(t, "manual", job.Annotations["cronjob.kubernetes.io/instantiate"])
	assert.True(t, metav1.IsControlledBy(&job, cronJob()), "it goes with the CronJob, and counts for its concurrency")
	pod := job.Spec.Template.Spec
	assert.Equal(t, []corev1.EnvVar{{Name: "AT", Value: "20261126T000000Z"}, {Name: "SERVICE", Value: "user"}},
		pod.InitContainers[0].Env)
	assert.Equal(t, []corev1.EnvVar{{Name: "OVERWRITE_NEWER", Value: "true"}}, pod.Containers[0].Env)
}

func TestAFailureSaysWhatTheContainerSaid(t *testing.T) {
	for name, c := range map[string]struct {
		pods    []runtime.Object
		code    int
		message string
		reason  string
	}{
		"refused": {
			[]runtime.Object{podOf("one", 0, ended(0, "Fetched it."), ended(5, "is newer"))}, 5, "is newer",
			"the script's own verdict",
		},
		"no download": {
			[]runtime.Object{podOf("one", 0, ended(1, "no route"), corev1.ContainerStatus{})}, 1, "no route",
			"the first container failed",
		},
		"said nothing": {
			[]runtime.Object{podOf("one", 0, ended(137, ""), corev1.ContainerStatus{})}, 137, "",
			"it was killed",
		},
		"no pod": {nil, 0, "", "none could be made"},
	} {
		t.Run(name, func(t *testing.T) {
			one, _ := runner(t, batchv1.JobFailed, append(c.pods, cronJob())...)
			_, err := one.Run(t.Context(), "user-restore", nil)
			var failed *datajob.FailedError
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, c.code, failed.Code, c.reason)
			assert.Equal(t, c.message, failed.Message)
			require.ErrorContains(t, err, jobName)
			assert.ErrorContains(t, err, "BackoffLimitExceeded: as it was told")
		})
	}
}

func TestAMissingTemplateIsSaid(t *testing.T) {
	one, _ := runner(t, batchv1.JobComplete)
	_, err := one.Run(t.Context(), "user-restore", nil)
	var missing *datajob.MissingError
	require.ErrorAs(t, err, &missing)
	assert.ErrorContains(t, err, "run pulumi up first")
}

func TestASecondJobIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		owner   *batchv1.CronJob
		verdict batchv1.JobConditionType
		refused bool
		reason  string
	}{
		"at work":   {cronJob(), "", true, "two restores would undo each other"},
		"suspended": {cronJob(), batchv1.JobSuspended, true, "it goes on later"},
		"complete":  {cronJob(), batchv1.JobComplete, false, "it is over"},
		"failed":    {cronJob(), batchv1.JobFailed, false, "a person tries again"},
		"another's": {
			&batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{Name: "auth-restore", UID: "other"}}, "", false,
			"it restores another database",
		},
	} {
		t.Run(name, func(t *testing.T) {
			former := &batchv1.Job{
				TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
				ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "former", OwnerReferences: []metav1.OwnerReference{
					*metav1.NewControllerRef(c.owner, batchv1.SchemeGroupVersion.WithKind("CronJob")),
				}},
			}
			if c.verdict != "" {
				former.Status.Conditions = []batchv1.JobCondition{{Type: c.verdict, Status: corev1.ConditionTrue}}
			}
			one, client := runner(t, batchv1.JobComplete, cronJob(), former)
			_, err := one.Run(t.Context(), "user-restore", nil)
			var busy *datajob.BusyError
			assert.Equal(t, c.refused, errors.As(err, &busy), c.reason)
			_, missing := client.Tracker().Get(jobs, namespace, jobName)
			assert.Equal(t, c.refused, missing != nil)
		})
	}
}

func TestAnInterruptDeletesTheJob(t *testing.T) {
	one, client := runner(t, "Other", cronJob())
	ctx, cancel := context.WithCancel(t.Context())
	one.Started = func(string) { cancel() }
	_, err := one.Run(ctx, "user-restore", nil)
	require.ErrorIs(t, err, context.Canceled)
	_, err = client.Tracker().Get(jobs, namespace, jobName)
	assert.True(t, kubeerrors.IsNotFound(err), "nothing that the run started is left")
	for _, action := range client.Actions() {
		if deletion, is := action.(ktesting.DeleteAction); is {
			assert.Equal(t, metav1.DeletePropagationBackground, *deletion.GetDeleteOptions().PropagationPolicy,
				"its pods go, too")
		}
	}
}

func TestAnInterruptSaysWhatGoesOn(t *testing.T) {
	one, client := runner(t, "Other", cronJob())
	client.PrependReactor("delete", "jobs", func(ktesting.Action) (bool, runtime.Object, error) {
		return true, nil, errors.New("no answer")
	})
	ctx, cancel := context.WithCancel(t.Context())
	one.Started = func(string) { cancel() }
	_, err := one.Run(ctx, "user-restore", nil)
	assert.ErrorContains(t, err, "deleting the Job "+jobName+", which may go on: no answer")
}

func TestATimeIsNamedAsPeopleDo(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-27T02:15:00Z": "20261127T021500Z", "2026-11-27T03:15:00+01:00": "20261127T021500Z",
		"20261127T021500Z": "20261127T021500Z", "2026-11-27": "20261127T235959Z",
	} {
		parsed, err := datajob.ParseTime(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, parsed.Format("20060102T150405Z"), text)
	}
	for _, text := range []string{"", "yesterday", "2026-11-27 02:15", "27.11.2026"} {
		_, err := datajob.ParseTime(text)
		assert.ErrorContains(t, err, "it must be a date", text)
	}
}
