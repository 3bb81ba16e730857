package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Paths at which Prometheus and Alertmanager report their health
// (https://prometheus.io/docs/prometheus/latest/management_api,
// https://prometheus.io/docs/alerting/latest/management_api).
const (
	readyPath   = "/-/ready"
	healthyPath = "/-/healthy"
)

const (
	// startSeconds is how long a start may take: Prometheus is not ready before it has replayed its log, and if it is
	// killed in between, it begins again (https://github.com/prometheus/prometheus/issues/6934).
	startSeconds = 15 * 60
	// startPeriod is the time between two looks at a start.
	startPeriod = 10
	// timeoutSeconds bounds an answer. A replica under load answers late, and a restart would make it worse.
	timeoutSeconds = 5
)

func starting() *corev1.ProbeArgs { return probe(readyPath, startPeriod, startSeconds/startPeriod) }

func ready() *corev1.ProbeArgs { return probe(readyPath, 5, 3) }

// healthy restarts a replica that has not answered for a minute.
func healthy() *corev1.ProbeArgs { return probe(healthyPath, 10, 6) }

func probe(path string, periodSeconds, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String(HTTP)},
		PeriodSeconds:    pulumi.Int(periodSeconds),
		FailureThreshold: pulumi.Int(failures),
		TimeoutSeconds:   pulumi.Int(timeoutSeconds),
	}
}
