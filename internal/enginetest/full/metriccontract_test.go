package full

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/dashboard"
)

// emptyHere are the selectors that no series can match in the sandbox while all is well, each with its reason.
var emptyHere = map[string]string{
	// https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/docs/metrics/workload/pod-metrics.md
	`kube_pod_container_status_waiting_reason{…reason="CrashLoopBackOff"}`: "no container crashes",
	// https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/docs/metrics/cluster/node-metrics.md
	`kube_node_spec_taint{…key="ToBeDeletedByClusterAutoscaler"}`: "no autoscaler of nodes runs here",
	// https://kubernetes.io/docs/reference/instrumentation/metrics: a kubelet has them, and kwok is none.
	`kubelet_volume_stats_available_bytes{…}`: "no pod of the simulation mounts a volume",
	`kubelet_volume_stats_capacity_bytes{…}`:  "the same",
	`kubelet_volume_stats_used_bytes{…}`:      "the same",
}

// firing are the alerts that fire. Each has labels of its own.
const firing = `ALERTS{alertstate="firing",severity!="heartbeat"}`

// mayBeEmpty are selectors whose series come and go by themselves.
var mayBeEmpty = []string{
	// The series of Prometheus are those since its start: nothingFires judges what fires now.
	firing,
	`kube_horizontalpodautoscaler_status_condition{condition="ScalingLimited"…status="true"}`,
	// A collector counts from its first line on, and VictoriaLogs from its first row: Prometheus has not asked since.
	`otelcol_exporter_enqueue_failed_log_records_total{…}`, `otelcol_exporter_send_failed_log_records_total{…}`,
	`otelcol_exporter_sent_log_records_total{…}`, `otelcol_receiver_accepted_log_records_total{…}`,
	`vl_rows_ingested_total{…}`,
	`service:http_requests_failed:ratio_rate30d{…}`, `service:http_requests_slow:ratio_rate30d{…}`,
	`service:http_requests_failed:ratio_rate1d{…}`, `service:http_requests_slow:ratio_rate1d{…}`,
	`service:http_requests_failed:ratio_rate3d{…}`, `service:http_requests_slow:ratio_rate3d{…}`,
}

// matches reports whether a selector is the one of a pattern, in which … stands for any matchers.
func matches(pattern, selector string) bool {
	rest := selector
	for i, part := range strings.Split(pattern, "…") {
		at := strings.Index(rest, part)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return rest == ""
}

// syntax is a node of the tree into which Prometheus parses a query.
type syntax map[string]any

// walk visits every node.
func (s syntax) walk(visit func(syntax)) {
	visit(s)
	for _, value := range s {
		below(value, visit)
	}
}

func below(value any, visit func(syntax)) {
	switch node := value.(type) {
	case map[string]any:
		syntax(node).walk(visit)
	case []any:
		for _, one := range node {
			below(one, visit)
		}
	}
}

// selector returns the selector of a node, or "" if it is none.
func (s syntax) selector() string {
	if s["type"] != "vectorSelector" && s["type"] != "matrixSelector" {
		return ""
	}
	var matchers []string
	for _, one := range s["matchers"].([]any) {
		if matcher := one.(map[string]any); matcher["name"] != "__name__" {
			matchers = append(matchers, fmt.Sprintf("%s%s%q", matcher["name"], matcher["type"], matcher["value"]))
		}
	}
	return fmt.Sprintf("%s{%s}", s["name"], strings.Join(matchers, ","))
}

// selectors returns the selectors of a node and below it.
func (s syntax) selectors() []string {
	var found []string
	s.walk(func(node syntax) {
		if selector := node.selector(); selector != "" {
			found = append(found, selector)
		}
	})
	return found
}

func (p promClient) parse(query string) syntax {
	p.t.Helper()
	tree := syntax{}
	p.get("/api/v1/parse_query", url.Values{"query": {query}}, &tree)
	return tree
}

// drawn returns the queries of the deployed dashboards.
func drawn(t *testing.T) []string {
	t.Helper()
	var queries []string
	for _, one := range watched.Each(t, "configmaps", "--namespace=dreamseed-monitoring") {
		if !strings.HasPrefix(one.Metadata.Name, "grafana-dashboards-") {
			continue
		}
		for name, text := range one.Data {
			found, err := dashboard.Queries(dashboard.Dashboard{UID: name, JSON: []byte(text.(string))})
			require.NoError(t, err, name)
			require.NotEmpty(t, found, name)
			queries = append(queries, found...)
		}
	}
	require.NotEmpty(t, queries)
	return queries
}

// selectsWhatIsThere asks the real Prometheus for every selector of every deployed rule and dashboard.
func (p promClient) selectsWhatIsThere(queries []string) {
	p.t.Helper()
	var selectors []string
	for _, query := range queries {
		selectors = append(selectors, p.parse(query).selectors()...)
	}
	slices.Sort(selectors)
	selectors = slices.Compact(selectors)
	require.Greater(p.t, len(selectors), 300)
	assert.Empty(p.t, p.series(`http_requests{namespace="dreamseed-local"}`), "the control: a metric of another name")
	used := map[string]bool{}
	for _, selector := range selectors {
		there := len(p.series(selector)) > 0
		for pattern := range emptyHere {
			if matches(pattern, selector) {
				used[pattern] = true
				assert.False(p.t, there, "%s exists: it is no exception any more", selector)
			}
		}
		excused := slices.ContainsFunc(mayBeEmpty, func(one string) bool { return matches(one, selector) }) ||
			slices.ContainsFunc(keys(emptyHere), func(one string) bool { return matches(one, selector) })
		assert.True(p.t, there || excused, "nothing produces %s", selector)
	}
	for pattern := range emptyHere {
		assert.True(p.t, used[pattern], "nobody asks for %s", pattern)
	}
}

func keys(of map[string]string) []string {
	var all []string
	for key := range of {
		all = append(all, key)
	}
	return all
}

// nothingFires waits until nothing fires but the heartbeat: what a step before took away may still be told of.
func (p promClient) nothingFires() {
	p.t.Helper()
	eventually(p.t, func() string {
		var now struct {
			Result []struct{ Metric map[string]string }
		}
		p.get("/api/v1/query", url.Values{"query": {firing}}, &now)
		if len(now.Result) > 0 {
			return fmt.Sprintf("what fires is %v", now.Result)
		}
		return ""
	})
}

// groupsByWhatIsThere checks that the labels by which queries sum and join are on the series below them.
func (p promClient) groupsByWhatIsThere(queries []string) {
	p.t.Helper()
	known := map[string]bool{}
	grouped := 0
	for _, query := range queries {
		p.parse(query).walk(func(node syntax) {
			labels, _ := node["grouping"].([]any)
			if matching, is := node["matching"].(map[string]any); is && len(labels) == 0 {
				labels, _ = matching["labels"].([]any)
			}
			for _, label := range labels {
				grouped++
				assert.True(p.t, p.labelled(known, node.selectors(), label.(string)), "%s groups by %s, which no series has",
					query, label)
			}
		})
	}
	require.Greater(p.t, grouped, 100)
}

// labelled reports whether a series of one of the selectors has the label, or none of them has a series.
func (p promClient) labelled(known map[string]bool, selectors []string, label string) bool {
	empty := true
	for _, selector := range selectors {
		key := selector + " " + label
		if _, asked := known[key]; !asked {
			series := p.series(selector)
			known[key] = len(series) == 0 || selector == firing || slices.ContainsFunc(series, func(one map[string]string) bool {
				_, found := one[label]
				return found
			})
		}
		if known[key] {
			return true
		}
		empty = false
	}
	return empty
}

// readsEveryRecording checks that each recorded series is read by an alert or a dashboard.
func readsEveryRecording(t *testing.T, rules []evaluatedRule, queries []string) {
	t.Helper()
	recorded := 0
	for _, one := range rules {
		if one.Type != "recording" {
			continue
		}
		recorded++
		read := func(query string) bool { return query != one.Query && strings.Contains(query, one.Name) }
		assert.True(t, slices.ContainsFunc(queries, read), "nobody reads %s", one.Name)
	}
	assert.NotZero(t, recorded)
}

// The control of the patterns.
func TestAPatternStandsForItsSelectorsAlone(t *testing.T) {
	assert.True(t, matches(`a{…x="1"}`, `a{job="b",x="1"}`))
	assert.True(t, matches(`a{…}`, `a{job="b"}`))
	assert.False(t, matches(`a{…x="1"}`, `a{job="b",x="2"}`))
	assert.False(t, matches(`a{…}`, `ba{job="b"}`))
	var tree syntax
	const call = `{"type": "call", "args": [{"type": "matrixSelector", "name": "a",
		"matchers": [{"name": "__name__", "type": "=", "value": "a"}, {"name": "x", "type": "=~", "value": "1|2"}]}]}`
	require.NoError(t, json.Unmarshal([]byte(call), &tree))
	assert.Equal(t, []string{`a{x=~"1|2"}`}, tree.selectors())
}
