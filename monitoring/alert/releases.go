package alert

import (
	"slices"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// argoRollouts is the name of the operator that releases blue-green or as a canary.
const argoRollouts = "argo-rollouts"

func (e Environment) releases() rule.Group {
	alerts := []definition{e.migrationFailed(), e.deploymentStalled()}
	if slices.Contains(e.Operators, argoRollouts) {
		alerts = append(alerts, e.rolloutStalled())
	}
	return group("releases", alerts...)
}

// migrationFailed reads the number of failed pods, which is 0 for a Job without one. kube_job_failed has no series as
// long as no Job failed, and nobody could tell that from a metric that is not there.
func (e Environment) migrationFailed() definition {
	failed := kubeState(e.namespace(), like("job_name", ".+-migration-.+")).Of("kube_job_status_failed")
	return definition{
		name: "MigrationFailed", severity: rule.Ticket,
		expr:    "max by (namespace, job_name) (" + failed + ") > 0",
		summary: "Migration {{ $labels.job_name }} failed",
		description: "Job {{ $labels.job_name }} did not migrate its database. The release has stopped, and the former " +
			"version keeps serving.",
	}
}

// deploymentStalled fires when the Deployment missed its progressDeadlineSeconds, or when its controller does not work
// on it at all.
func (e Environment) deploymentStalled() definition {
	of := kubeState(e.ownNamespaces())
	late := of.And(contract.Equal("condition", "Progressing"), contract.Equal("status", "false")).
		Of("kube_deployment_status_condition")
	byDeployment := func(series string) string { return "max by (namespace, deployment) (" + series + ")" }
	return definition{
		name: "DeploymentStalled", severity: rule.Ticket, lasting: "10m",
		expr: byDeployment(late) + " == 1\nor\n" +
			byDeployment(of.Of("kube_deployment_metadata_generation")) + " > " +
			byDeployment(of.Of("kube_deployment_status_observed_generation")),
		summary: "The roll-out of {{ $labels.deployment }} does not proceed",
		description: "The new pods of Deployment {{ $labels.deployment }} in {{ $labels.namespace }} do not become " +
			"available.",
	}
}

// rolloutStalled names the phases of the metric, which are not those of the object's status: there is no Degraded
// (https://github.com/argoproj/argo-rollouts/blob/v1.10.1/controller/metrics/rollouts.go). The operator serves every
// namespace, and its label namespace may be that of its own pods: the name of the workload is unique to the platform.
func (e Environment) rolloutStalled() definition {
	stalled := ofJob(argoRollouts,
		oneOf("name", e.Workloads...), oneOf("phase", "Abort", "Error", "InvalidSpec", "Timeout"))
	return definition{
		name: "RolloutStalled", severity: rule.Ticket, lasting: "5m",
		expr:    "max by (name, phase) (" + stalled.Of("rollout_info") + ") == 1",
		summary: "The release of {{ $labels.name }} has failed",
		description: "Rollout {{ $labels.name }} is in phase {{ $labels.phase }}. The former version serves, and the " +
			"Rollout does not go on by itself.",
	}
}
