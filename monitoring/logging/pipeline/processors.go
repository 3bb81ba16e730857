package pipeline

import "github.com/dreamseed/platform/internal/kube"

// memoryLimiter refuses lines before the container reaches its limit; the receiver then reads on later
// (https://github.com/open-telemetry/opentelemetry-collector/tree/v0.165.0/processor/memorylimiterprocessor).
type memoryLimiter struct {
	CheckInterval        string `yaml:"check_interval"`
	LimitPercentage      int    `yaml:"limit_percentage"`
	SpikeLimitPercentage int    `yaml:"spike_limit_percentage"`
}

// k8sAttributes looks up the pod that a line is of
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/processor/k8sattributesprocessor).
type k8sAttributes struct {
	AuthType               string        `yaml:"auth_type"`
	WaitForMetadata        bool          `yaml:"wait_for_metadata"`
	WaitForMetadataTimeout string        `yaml:"wait_for_metadata_timeout"`
	Filter                 podFilter     `yaml:"filter"`
	PodAssociation         []association `yaml:"pod_association"`
	Extract                extract       `yaml:"extract"`
}

type podFilter struct {
	Namespace      string `yaml:"namespace"`
	NodeFromEnvVar string `yaml:"node_from_env_var"`
}

type association struct {
	Sources []associationSource `yaml:"sources"`
}

type associationSource struct {
	From string `yaml:"from"`
	Name string `yaml:"name"`
}

type extract struct {
	Metadata []string       `yaml:"metadata"`
	Labels   []extractLabel `yaml:"labels"`
}

type extractLabel struct {
	TagName string `yaml:"tag_name"`
	Key     string `yaml:"key"`
	From    string `yaml:"from"`
}

// resource writes attributes of the resource
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/processor/resourceprocessor).
type resource struct {
	Attributes []resourceAttribute `yaml:"attributes"`
}

type resourceAttribute struct {
	Key           string `yaml:"key"`
	Value         string `yaml:"value,omitempty"`
	FromAttribute string `yaml:"from_attribute,omitempty"`
	Action        string `yaml:"action"`
}

// Attributes of the resource
// (https://opentelemetry.io/docs/specs/semconv/resource).
const (
	serviceName   = "service.name"
	namespaceName = "k8s.namespace.name"
	podName       = "k8s.pod.name"
	podUID        = "k8s.pod.uid"
	containerName = "k8s.container.name"
)

func (args Args) processors() map[string]any {
	return map[string]any{
		limit: memoryLimiter{CheckInterval: "1s", LimitPercentage: 80, SpikeLimitPercentage: 20},
		podNames: k8sAttributes{
			AuthType: "serviceAccount",
			// The first lines of a collector would be of no service. Without its rights it reads nothing, and is never ready.
			WaitForMetadata: true, WaitForMetadataTimeout: "10s",
			Filter:         podFilter{Namespace: args.Namespace, NodeFromEnvVar: NodeVariable},
			PodAssociation: []association{{Sources: []associationSource{{From: "resource_attribute", Name: podUID}}}},
			Extract: extract{
				Metadata: []string{"k8s.node.name"},
				Labels:   []extractLabel{{TagName: serviceName, Key: kube.NameLabel, From: "pod"}},
			},
		},
		place: resource{Attributes: []resourceAttribute{
			{Key: "deployment.environment.name", Value: args.Environment, Action: "upsert"},
			{Key: "k8s.cluster.name", Value: args.Cluster, Action: "upsert"},
			// A pod that was deleted before its last lines were read has no label to ask. Its container is named as the
			// service.
			{Key: serviceName, FromAttribute: containerName, Action: "insert"},
		}},
	}
}
