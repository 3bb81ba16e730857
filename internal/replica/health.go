package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Health is how a replica tells whether it works.
type Health struct {
	// Ready is asked before a replica gets requests.
	Ready Question
	// Healthy is asked, too: a replica of which it has not been true for a minute is restarted.
	Healthy Question
	// StartSeconds is how long a start may take before the replica is restarted.
	StartSeconds int
}

// Question is what a replica is asked. One of its fields is set.
type Question struct {
	// Path is requested at the port called HTTP. A status below 400 means yes.
	Path string
	// Command runs in the container. Exit code 0 means yes.
	Command []string
}

// LikePrometheus returns the health of a program that answers at the paths of Prometheus and Alertmanager
// (https://prometheus.io/docs/prometheus/latest/management_api,
// https://prometheus.io/docs/alerting/latest/management_api). Prometheus is not ready before it has replayed its log,
// and if it is killed in between, it begins again (https://github.com/prometheus/prometheus/issues/6934).
func LikePrometheus() Health {
	return Health{Ready: Question{Path: "/-/ready"}, Healthy: Question{Path: "/-/healthy"}, StartSeconds: 15 * 60}
}

const (
	// startPeriod is the time between two looks at a start, in seconds.
	startPeriod = 10
	// timeoutSeconds bounds an answer. A replica under load answers late, and a restart would make it worse.
	timeoutSeconds = 5
)

func (h Health) starting() *corev1.ProbeArgs {
	return h.Ready.probe(startPeriod, h.StartSeconds/startPeriod)
}

func (h Health) ready() *corev1.ProbeArgs { return h.Ready.probe(5, 3) }

func (h Health) healthy() *corev1.ProbeArgs { return h.Healthy.probe(10, 6) }

func (q Question) probe(periodSeconds, failures int) *corev1.ProbeArgs {
	probe := &corev1.ProbeArgs{
		PeriodSeconds:    pulumi.Int(periodSeconds),
		FailureThreshold: pulumi.Int(failures),
		TimeoutSeconds:   pulumi.Int(timeoutSeconds),
	}
	if len(q.Command) > 0 {
		probe.Exec = &corev1.ExecActionArgs{Command: pulumi.ToStringArray(q.Command)}
		return probe
	}
	probe.HttpGet = &corev1.HTTPGetActionArgs{Path: pulumi.String(q.Path), Port: pulumi.String(HTTP)}
	return probe
}
