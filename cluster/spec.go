package cluster

// Spec describes one environment's cluster, as the configuration key dreamseed:cluster.
//
// The keys Cloud, Name, Account, Region and Network form the cluster's identity, and on AKS also whether the API server
// is private. Changing one of them on a running environment builds another cluster with a network of its own, moves
// every workload there, and deletes the old one. While Protect is on, such a change is refused.
type Spec struct {
	// Cloud is required.
	Cloud Cloud `json:"cloud"`
	// Name is required, a DNS label. Cloud resources are named after it, so it is subject to the limits of their names.
	// With an existing cluster it is the cluster's identity to the Kubernetes provider: changing it tells Pulumi that this
	// is another cluster, and every Kubernetes object is replaced.
	Name string `json:"name"`
	// Account is required in a cloud and refused with an existing cluster: the owner of the cluster, who pays for it. The
	// project ID on GKE, the twelve digits of the account on EKS, the subscription ID on AKS. No other account is touched,
	// whatever the current credentials would allow.
	Account string `json:"account"`
	// Region is required: the region of the zones, for example europe-west4.
	Region string `json:"region"`
	// Zones are required and distinct: the failure domains that nodes and pods are spread over, as in the node label
	// topology.kubernetes.io/zone: europe-west4-a, eu-central-1a, westeurope-1. Changing them replaces the node pools: new
	// ones are created first, then the old ones are drained. On EKS a zone can only be appended to the list: it gets nodes
	// of its own, and those of the other zones stay.
	Zones []string `json:"zones"`
	// KubernetesVersion is required in a cloud: the minor version, for example "1.35". Raising it upgrades the control
	// plane and then the nodes in place. It cannot be lowered. Patches come from the cloud's release channel.
	KubernetesVersion string `json:"kubernetesVersion"`
	// Network is required in a cloud.
	Network Network `json:"network"`
	// API controls access to the API server and names the cluster's administrators.
	API APIAccess `json:"api"`
	// DNS is the environment's DNS name. Required in a cloud.
	DNS DNS `json:"dns"`
	// NodePools are required, at least one of them on demand.
	NodePools []NodePool `json:"nodePools"`
	// Protect refuses every change that would delete or replace the cluster or the resources that its data depends on, in
	// Pulumi and in the cloud. Default true. Taking a protected environment down needs two steps: an up with false, then a
	// destroy.
	Protect bool `json:"protect"`
	// Images are the names of the images in the cluster's registry, for example auth-service. They come from the catalogue
	// of services. Removing one deletes its repository, which is refused while Protect is on.
	Images []string `json:"-"`
	// Existing describes access to a cluster of cloud "existing". It is refused with any other cloud.
	Existing ExistingSpec `json:"existing"`
}

// DNS is the name under which users reach the environment.
type DNS struct {
	// Host is the full name, for example learn.dreamseed.ai. It gets an address record that points to the ingress.
	// Changing it moves the record: users of the old name are cut off.
	Host string `json:"host"`
	// Zone is the DNS zone of the cloud that contains Host. It must exist, because others delegate to it. The name of the
	// managed zone on GKE, the hosted zone's ID on EKS, <resource group>/<zone> on AKS.
	Zone string `json:"zone"`
	// Aliases are further full names below Host, such as grafana.learn.dreamseed.ai. Each gets a record that points to
	// the same address. Default none. Removing one removes its record alone.
	Aliases []string `json:"aliases"`
}

// Record is the address record of one name.
type Record struct {
	// Name is the full DNS name.
	Name string
	// Role is the end of the record's logical name.
	Role string
}

// Records returns the records of the environment: that of its host first.
func (d DNS) Records() []Record {
	records := []Record{{Name: d.Host, Role: "record"}}
	for _, alias := range d.Aliases {
		records = append(records, Record{Name: alias, Role: "record-" + alias})
	}
	return records
}

// ExistingSpec describes access to an existing cluster. The ambient kubeconfig is never used.
type ExistingSpec struct {
	// KubeconfigPath is the path of a kubeconfig file: absolute, below the home directory (~/), or relative to the folder
	// of Pulumi.yaml. The credential stays in that file and never enters the state. Exactly one of KubeconfigPath and
	// Kubeconfig must be given.
	KubeconfigPath string `json:"kubeconfigPath"`
	// Kubeconfig is the content of a kubeconfig. Set it with "pulumi config set --secret": it is kept as a secret.
	Kubeconfig string `json:"kubeconfig"`
	// Context is required: the kubeconfig context to use, regardless of its current-context.
	Context string `json:"context"`
}
