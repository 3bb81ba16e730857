package live

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
)

func job(name string, conditions ...fields) fields {
	return fields{
		"kind": "Job", "metadata": fields{"namespace": "ns", "name": name}, "status": fields{"conditions": conditions},
	}
}

func failedCondition() fields {
	return fields{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "no more tries"}
}

func jobPod(namespace, owner string) fields {
	return fields{
		"kind": "Pod",
		"metadata": fields{
			"namespace": namespace, "name": owner + "-x", "ownerReferences": []fields{{"kind": "Job", "name": owner}},
		},
		"status": fields{"containerStatuses": []fields{{
			"name": "migrate", "state": fields{"terminated": fields{"exitCode": 1, "reason": "Error", "message": "no table"}},
		}}},
	}
}

func event(kind, name, reason string, second int) fields {
	return fields{
		"kind": "Event", "metadata": fields{"namespace": "ns"}, "involvedObject": fields{"kind": kind, "name": name},
		"reason": reason, "message": "said", "lastTimestamp": fmt.Sprintf("2026-01-01T00:00:%02dZ", second),
	}
}

func readJobs(t *testing.T, items ...fields) []string {
	t.Helper()
	paths := map[any]string{"Job": "/apis/batch/v1/jobs", "Pod": "/api/v1/pods", "Event": "/api/v1/events"}
	there := cluster{}
	for _, item := range items {
		there[paths[item["kind"]]] = append(there[paths[item["kind"]]], item)
	}
	failed, err := FailedJobs(t.Context(), there)
	require.NoError(t, err)
	return failed
}

func TestAFailedJobIsToldWithItsReasonItsPodsAndItsEvents(t *testing.T) {
	failed := readJobs(t,
		job("auth-migrate", failedCondition()), job("user-migrate"),
		jobPod("ns", "auth-migrate"), jobPod("ns", "user-migrate"), jobPod("elsewhere", "auth-migrate"),
		event("Job", "auth-migrate", "BackoffLimitExceeded", 2), event("Pod", "auth-migrate-x", "Scheduled", 1),
		event("Job", "user-migrate", "SuccessfulCreate", 1),
	)

	assert.Equal(t, []string{strings.Join([]string{
		"Job auth-migrate failed: BackoffLimitExceeded: no more tries",
		"    Pod auth-migrate-x: container migrate ended with 1 (Error): no table",
		"    Pod auth-migrate-x: Scheduled: said",
		"    Job auth-migrate: BackoffLimitExceeded: said",
	}, "\n")}, failed, "in the order in which it happened, and nothing of other Jobs")
}

func TestOnlyTheLastEventsOfAJobAreTold(t *testing.T) {
	items := []fields{job("auth-migrate", failedCondition())}
	for second := range 20 {
		items = append(items, event("Job", "auth-migrate", fmt.Sprintf("Reason%d", second), second))
	}

	failed := readJobs(t, items...)

	require.Len(t, failed, 1)
	assert.Equal(t, shownEvents, strings.Count(failed[0], "Reason"))
	assert.Contains(t, failed[0], "Reason19")
}

func TestAJobThatDidNotFailIsNotTold(t *testing.T) {
	assert.Empty(t, readJobs(t, job("running"),
		job("complete", fields{"type": "Complete", "status": "True"}),
		job("not failed", fields{"type": "Failed", "status": "False"})))
}

// run is a run of the CronJob backup.
func run(name string, second int, conditions ...fields) fields {
	one := job(name, conditions...)
	one["metadata"] = fields{
		"namespace": "ns", "name": name, "ownerReferences": []fields{{"kind": "CronJob", "name": "backup"}},
		"creationTimestamp": fmt.Sprintf("2026-01-01T00:00:%02dZ", second),
	}
	return one
}

func TestARunOfACronJobIsAProblemUntilALaterOneSucceeds(t *testing.T) {
	complete := fields{"type": "Complete", "status": "True"}
	cases := map[string]struct {
		jobs []fields
		want []string
	}{
		"under way": {[]fields{run("a", 1)}, nil},
		"a failure": {[]fields{run("a", 1, complete), run("b", 2, failedCondition())},
			[]string{"Job b failed: BackoffLimitExceeded: no more tries"}},
		"a former failure":           {[]fields{run("a", 1, failedCondition()), run("b", 2, complete)}, nil},
		"a migration that goes on":   {[]fields{job("m")}, []string{"Job m is not complete"}},
		"a migration beside backups": {[]fields{run("b", 2, complete), job("m")}, []string{"Job m is not complete"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			there := cluster{"/apis/batch/v1/jobs" + ofThePlatform: tt.jobs}
			seen, err := Look(t.Context(), there, func(operator.Name) bool { return false })
			require.NoError(t, err)
			var got []string
			for _, one := range seen.Problems {
				got = append(got, one.What)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
