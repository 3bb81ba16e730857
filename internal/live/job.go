package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// shownEvents is the number of most recent events shown for a failed Job.
const shownEvents = 5

// jobItem holds the fields that are read from a Job, from its Pods, and from Events about either.
type jobItem struct {
	Metadata struct {
		Namespace         string    `json:"namespace"`
		Name              string    `json:"name"`
		CreationTimestamp time.Time `json:"creationTimestamp"`
		DeletionTimestamp string    `json:"deletionTimestamp"`
		OwnerReferences   []struct {
			Kind string `json:"kind"`
			Name string `json:"name"`
		} `json:"ownerReferences"`
	} `json:"metadata"`
	Status struct {
		Conditions        conditions `json:"conditions"`
		ContainerStatuses []struct {
			Name  string `json:"name"`
			State struct {
				Terminated struct {
					ExitCode int    `json:"exitCode"`
					Reason   string `json:"reason"`
					Message  string `json:"message"`
				} `json:"terminated"`
			} `json:"state"`
		} `json:"containerStatuses"`
	} `json:"status"`

	InvolvedObject struct {
		Kind string `json:"kind"`
		Name string `json:"name"`
	} `json:"involvedObject"`
	Reason        string    `json:"reason"`
	Message       string    `json:"message"`
	LastTimestamp time.Time `json:"lastTimestamp"`
}

// FailedJobs returns the reason for each failed Job, and the last events of the Job and its pods.
func FailedJobs(ctx context.Context, reader Reader) ([]string, error) {
	var jobs, pods, events []jobItem
	for _, kind := range []struct {
		name, path string
		items      *[]jobItem
	}{
		{"Job", "/apis/batch/v1/jobs", &jobs}, {"Pod", "/api/v1/pods", &pods}, {"Event", "/api/v1/events", &events},
	} {
		items, err := list[jobItem](ctx, reader, kind.path)
		if err != nil {
			return nil, fmt.Errorf("listing each %s: %w", kind.name, err)
		}
		*kind.items = items
	}
	var failed []string
	for _, job := range jobs {
		if reason := job.failure(); reason != "" {
			lines := append([]string{fmt.Sprintf("Job %s failed: %s", job.Metadata.Name, reason)},
				history(job, pods, events)...)
			failed = append(failed, strings.Join(lines, "\n    "))
		}
	}
	return failed, nil
}

// failure returns the reason why a Job failed, or "" if it has not.
func (i jobItem) failure() string {
	if failed := i.Status.Conditions.of("Failed"); failed.Status == "True" {
		return failed.why()
	}
	return ""
}

// problems returns why a Job is not complete, or nil if it is complete or being deleted. A run of a CronJob goes on
// beside the environment: only its failure is a problem.
func (i jobItem) problems() []Problem {
	switch failure := i.failure(); {
	case failure != "":
		return []Problem{{What: fmt.Sprintf("Job %s failed: %s", i.Metadata.Name, failure), Settled: true}}
	case i.Metadata.DeletionTimestamp != "" || i.complete() || i.cronJob() != "":
		return nil
	}
	return []Problem{{What: fmt.Sprintf("Job %s is not complete", i.Metadata.Name)}}
}

func (i jobItem) complete() bool { return i.Status.Conditions.say("Complete", "True") }

// cronJob returns the CronJob that a Job is a run of, or "" for none.
func (i jobItem) cronJob() string {
	for _, owner := range i.Metadata.OwnerReferences {
		if owner.Kind == "CronJob" {
			return i.Metadata.Namespace + "/" + owner.Name
		}
	}
	return ""
}

// withoutSuperseded removes the runs of CronJobs after which a later one has completed: a failed run stays until the
// next one that fails.
func withoutSuperseded(jobs []jobItem) []jobItem {
	completed := map[string]time.Time{}
	for _, job := range jobs {
		if of := job.cronJob(); job.complete() && job.Metadata.CreationTimestamp.After(completed[of]) {
			completed[of] = job.Metadata.CreationTimestamp
		}
	}
	return slices.DeleteFunc(jobs, func(job jobItem) bool {
		of := job.cronJob()
		return of != "" && job.Metadata.CreationTimestamp.Before(completed[of])
	})
}

// history describes how the pods of a Job ended and lists the last events about the Job and its pods.
func history(job jobItem, pods, events []jobItem) []string {
	about := map[string]bool{"Job " + job.Metadata.Name: true}
	var lines []string
	for _, pod := range pods {
		if pod.Metadata.Namespace == job.Metadata.Namespace && pod.ownedBy(job) {
			about["Pod "+pod.Metadata.Name] = true
			lines = append(lines, pod.ends()...)
		}
	}
	var told []jobItem
	for _, event := range events {
		if event.Metadata.Namespace == job.Metadata.Namespace && about[event.object()] {
			told = append(told, event)
		}
	}
	slices.SortStableFunc(told, func(a, b jobItem) int { return a.when().Compare(b.when()) })
	for _, event := range told[max(0, len(told)-shownEvents):] {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", event.object(), event.Reason, event.Message))
	}
	return lines
}

func (i jobItem) ownedBy(job jobItem) bool {
	for _, owner := range i.Metadata.OwnerReferences {
		if owner.Kind == "Job" && owner.Name == job.Metadata.Name {
			return true
		}
	}
	return false
}

// ends describes the containers of a pod that exited with an error.
func (i jobItem) ends() []string {
	var lines []string
	for _, container := range i.Status.ContainerStatuses {
		if end := container.State.Terminated; end.ExitCode != 0 {
			lines = append(lines, fmt.Sprintf("Pod %s: container %s ended with %d (%s): %s",
				i.Metadata.Name, container.Name, end.ExitCode, end.Reason, end.Message))
		}
	}
	return lines
}

// object returns the kind and name of the object that an event is about.
func (i jobItem) object() string { return i.InvolvedObject.Kind + " " + i.InvolvedObject.Name }

// when returns the time of an event. Events of the newer API have no last timestamp: a new object is created each time.
func (i jobItem) when() time.Time {
	if i.LastTimestamp.IsZero() {
		return i.Metadata.CreationTimestamp
	}
	return i.LastTimestamp
}
