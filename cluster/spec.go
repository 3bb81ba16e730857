package cluster

import "k8s.io/apimachinery/pkg/api/resource"

// Spec describes one environment's cluster, as the configuration key dreamseed:cluster.
type Spec struct {
	// Cloud is required. Changing it on a running environment builds another cluster and moves everything.
	Cloud Cloud `json:"cloud"`
	// Name is required, a DNS label. It identifies the cluster to the Kubernetes provider: changing it tells Pulumi
	// that this is another cluster, and every Kubernetes object is replaced.
	Name string `json:"name"`
	// Region is required: where the zones lie, for example europe-west4.
	Region string `json:"region"`
	// Zones are required and distinct: the failure domains that nodes and pods are spread over.
	Zones []string `json:"zones"`
	// NodePools are required, at least one of them on demand.
	NodePools []NodePool `json:"nodePools"`
	// Existing says how a cluster of cloud "existing" is reached. It is refused with any other cloud.
	Existing ExistingSpec `json:"existing"`
}

// NodePool is a group of like nodes.
type NodePool struct {
	// Name is required, a DNS label, once per cluster.
	Name string `json:"name"`
	// Spot marks interruptible capacity. Its nodes carry the cloud's spot label and taint. Default false.
	Spot bool `json:"spot"`
	// MinNodes and MaxNodes bound the pool over all zones together, 0 <= MinNodes <= MaxNodes.
	MinNodes int `json:"minNodes"`
	MaxNodes int `json:"maxNodes"`
	// CPU and Memory are required: what one node offers to pods, as Kubernetes quantities.
	CPU    resource.Quantity `json:"cpu"`
	Memory resource.Quantity `json:"memory"`
}

// ExistingSpec says how an existing cluster is reached. Nothing is ever taken from the ambient kubeconfig.
type ExistingSpec struct {
	// KubeconfigPath is a kubeconfig file: absolute, below the home directory (~/), or relative to the folder of
	// Pulumi.yaml. The credential stays in that file and never enters the state. Exactly one of KubeconfigPath and
	// Kubeconfig is given.
	KubeconfigPath string `json:"kubeconfigPath"`
	// Kubeconfig is the content of a kubeconfig. Set it with "pulumi config set --secret": it is kept as a secret.
	Kubeconfig string `json:"kubeconfig"`
	// Context is required: the context of the kubeconfig to use, whatever its current-context says.
	Context string `json:"context"`
}
