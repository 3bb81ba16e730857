package dashboard

import (
	"fmt"

	sdk "github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"

	"github.com/dreamseed/platform/monitoring/contract"
)

// event marks the time during which an expression has values above 0.
type event struct {
	name, expr string
	// text describes one event. A label in double braces stands for its value.
	text string
}

func (e event) builder() *sdk.AnnotationQueryBuilder {
	return sdk.NewAnnotationQueryBuilder().
		Name(e.name).
		Datasource(source()).
		IconColor("blue").
		TitleFormat(e.name).
		TextFormat(e.text).
		Target(prometheus.NewDataqueryBuilder().RefId("Anno").Datasource(source()).Expr(e.expr).Range())
}

// settling is how long a release stays marked.
const settling = "5m"

// releases marks when pods of a ReplicaSet appear that had none: of a new version, of a changed configuration, or of a
// kept version to which the workload returned. The generation of a Deployment would also change with each step of the
// autoscaler, and the creation of a ReplicaSet would miss a rollback. A Deployment and a Rollout own ReplicaSets alike,
// whose names are that of the workload and a hash. When kube-state-metrics was away for longer than a mark lasts,
// everything looks released.
func releases(namespace, workload string) event {
	pods := object("kube_pod_info",
		contract.Equal(contract.LabelNamespace, namespace),
		contract.Equal("created_by_kind", "ReplicaSet"),
		fmt.Sprintf("%s=~%q", labelReplicaSet, workload+"-[a-z0-9]+"))
	return event{
		name: "Release",
		expr: fmt.Sprintf("count by (%[1]s) (%[2]s) unless on (%[1]s) (%[2]s offset %[3]s)", labelReplicaSet, pods, settling),
		text: "{{" + labelReplicaSet + "}}",
	}
}
