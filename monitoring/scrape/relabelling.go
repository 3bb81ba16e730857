package scrape

import (
	"regexp"
	"strings"
)

// relabelling is a step that keeps, drops or labels targets, series or alerts. The values of SourceLabels, joined by
// Separator, are matched by Regex from beginning to end. An unset field has the default of Prometheus: replace
// TargetLabel by the whole value.
type relabelling struct {
	SourceLabels []string `yaml:"source_labels,omitempty,flow"`
	Separator    string   `yaml:"separator,omitempty"`
	Regex        string   `yaml:"regex,omitempty"`
	TargetLabel  string   `yaml:"target_label,omitempty"`
	// Replacement is a pointer because the empty text has a meaning: it removes TargetLabel.
	Replacement *string `yaml:"replacement,omitempty"`
	Action      string  `yaml:"action,omitempty"`
}

// Labels that decide how a target is scraped, and the one that holds the name of a metric.
const (
	labelAddress     = "__address__"
	labelMetricsPath = "__metrics_path__"
	labelName        = "__name__"
	labelInstance    = "instance"
)

// Labels that the discovery of pods and nodes finds; they are gone after relabelling
// (https://github.com/prometheus/prometheus/blob/v3.16.0/docs/configuration/configuration.md#kubernetes_sd_config).
const (
	metaNamespace = "__meta_kubernetes_namespace"
	metaPod       = "__meta_kubernetes_pod_name"
	metaPodIP     = "__meta_kubernetes_pod_ip"
	metaPodPhase  = "__meta_kubernetes_pod_phase"
	metaPodNode   = "__meta_kubernetes_pod_node_name"
	metaPodPort   = "__meta_kubernetes_pod_container_port_number"
	metaNode      = "__meta_kubernetes_node_name"
)

// podLabel returns the label in which the discovery puts a label of a pod.
func podLabel(name string) string { return "__meta_kubernetes_pod_label_" + underscored(name) }

// podAnnotation returns the label in which the discovery puts an annotation of a pod.
func podAnnotation(name string) string {
	return "__meta_kubernetes_pod_annotation_" + underscored(name)
}

// nodeAnnotation returns the label in which the discovery puts an annotation of a node.
func nodeAnnotation(name string) string {
	return "__meta_kubernetes_node_annotation_" + underscored(name)
}

var notInLabels = regexp.MustCompile(`[^a-zA-Z0-9_]`)

func underscored(name string) string { return notInLabels.ReplaceAllString(name, "_") }

// keep drops the targets or series on which the label has none of the values.
func keep(label string, values ...string) relabelling {
	return relabelling{SourceLabels: []string{label}, Regex: strings.Join(values, "|"), Action: "keep"}
}

// drop drops the targets on which the label has one of the values.
func drop(label string, values ...string) relabelling {
	return relabelling{SourceLabels: []string{label}, Regex: strings.Join(values, "|"), Action: "drop"}
}

// label copies the value of one label to another. An empty value leaves no label.
func label(to, from string) relabelling {
	return relabelling{SourceLabels: []string{from}, TargetLabel: to}
}

// labelIfSet copies the value of one label to another, unless it is empty.
func labelIfSet(to, from string) relabelling {
	return relabelling{SourceLabels: []string{from}, Regex: "(.+)", TargetLabel: to}
}

// unlabel removes a label from the series of these metrics; metrics is a regular expression.
func unlabel(metrics, label string) relabelling {
	nothing := ""
	return relabelling{SourceLabels: []string{labelName}, Regex: metrics, TargetLabel: label, Replacement: &nothing}
}
