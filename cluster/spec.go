package cluster

// Spec describes one environment's cluster, as the configuration key dreamseed:cluster.
//
// The keys Cloud, Name, Account, Region and Network are the cluster's identity, on AKS also whether the API server is
// private. Changing one of them on a running environment builds another cluster with a network of its own, moves every
// workload there, and deletes the old one. While Protect is on, that is refused.
type Spec struct {
	// Cloud is required.
	Cloud Cloud `json:"cloud"`
	// Name is required, a DNS label. Cloud resources are named after it, and the limits of their names are its own.
	// With an existing cluster it is the cluster's identity to the Kubernetes provider: changing it tells Pulumi that
	// this is another cluster, and every Kubernetes object is replaced.
	Name string `json:"name"`
	// Account is required in a cloud and refused with an existing cluster: whom the cluster belongs to and who pays.
	// The project ID on GKE, the twelve digits of the account on EKS, the subscription ID on AKS. No other account is
	// touched, whatever the credentials at hand could do.
	Account string `json:"account"`
	// Region is required: where the zones lie, for example europe-west4.
	Region string `json:"region"`
	// Zones are required and distinct: the failure domains that nodes and pods are spread over. Named as the node label
	// topology.kubernetes.io/zone names them: europe-west4-a, eu-central-1a, westeurope-1. Changing them replaces the node
	// pools: new ones first, then the old ones are drained. On EKS a zone can only be added at the end: it gets nodes of
	// its own, and those of the others stay.
	Zones []string `json:"zones"`
	// KubernetesVersion is required in a cloud: the minor version, for example "1.35". Raising it upgrades the control
	// plane and then the nodes in place. It cannot be lowered. Patches come from the cloud's release channel.
	KubernetesVersion string `json:"kubernetesVersion"`
	// Network is required in a cloud.
	Network Network `json:"network"`
	// API says from where the API server can be reached, and by whom the cluster is administered.
	API APIAccess `json:"api"`
	// DNS names the environment to its users. Required in a cloud.
	DNS DNS `json:"dns"`
	// NodePools are required, at least one of them on demand.
	NodePools []NodePool `json:"nodePools"`
	// Protect refuses every change that would delete or replace the cluster or what its data depends on, in Pulumi and
	// in the cloud. Default true. Taking a protected environment down is two steps: an up with false, then a destroy.
	Protect bool `json:"protect"`
	// Images are the names of the images that the cluster's registry holds, for example auth-service. They come from the
	// catalogue of services. Removing one deletes its repository, which is refused while Protect is on.
	Images []string `json:"-"`
	// Existing says how a cluster of cloud "existing" is reached. It is refused with any other cloud.
	Existing ExistingSpec `json:"existing"`
}

// DNS is the name under which users reach the environment.
type DNS struct {
	// Host is the full name, for example learn.dreamseed.ai. It gets an address record that leads to the ingress.
	// Changing it moves the record: users of the old name are cut off.
	Host string `json:"host"`
	// Zone is the cloud's DNS zone that Host lies in. It must exist, because others delegate to it: the name of the
	// managed zone on GKE, the hosted zone's ID on EKS, <resource group>/<zone> on AKS.
	Zone string `json:"zone"`
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
