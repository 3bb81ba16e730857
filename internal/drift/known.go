package drift

import (
	"slices"
	"strings"
)

// known describes objects that belong to nobody's program and are the cluster's or an operator's own.
type known struct {
	// kinds, names and namespaces are patterns; none means any.
	kinds, names, namespaces []string
	// label or annotation must be there. Empty if it need not.
	label, annotation string
	// managers are patterns of the names of those who make such objects. Fields of others are findings. The object's own
	// statement may be forged, so it is not enough for what gives rights: see bindsTheClustersOwn.
	managers []string
	// unsaid reports whether the cluster makes such objects without saying who made them.
	unsaid bool
}

var (
	rbac = []string{
		"Role.rbac.authorization.k8s.io", "RoleBinding.rbac.authorization.k8s.io",
		"ClusterRole.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io",
	}
	theAPIServer = []string{"kube-apiserver", "clusterrole-aggregation-controller"}
	theCluster   = []string{"kube-apiserver", "kube-controller-manager", "clusterrole-aggregation-controller"}
)

// bootstrapping marks the roles that Kubernetes makes and keeps.
const bootstrapping = "kubernetes.io/bootstrapping=rbac-defaults"

// ofTheCluster are the objects of Kubernetes itself.
var ofTheCluster = []known{
	// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
	{kinds: rbac, label: bootstrapping, managers: theAPIServer},
	{
		kinds: []string{"Namespace"}, names: []string{"default", "kube-system", "kube-public", "kube-node-lease"},
		managers: theCluster,
	},
	{kinds: []string{"PriorityClass.scheduling.k8s.io"}, names: []string{"system-*"}, managers: theAPIServer},
	// https://kubernetes.io/docs/reference/labels-annotations-taints/#kube-aggregator-kubernetes-io-automanaged
	{
		kinds: []string{"APIService.apiregistration.k8s.io"}, label: "kube-aggregator.kubernetes.io/automanaged",
		managers: theAPIServer,
	},
	{kinds: []string{"ConfigMap"}, names: []string{"kube-root-ca.crt"}, managers: theCluster, unsaid: true},
	{kinds: []string{"ServiceAccount"}, names: []string{"default"}, managers: theCluster, unsaid: true},
	{
		kinds: []string{"PersistentVolume"}, annotation: "pv.kubernetes.io/provisioned-by",
		managers: []string{"csi-provisioner", "external-provisioner", "kube-controller-manager", "kube-scheduler"},
	},
}

// ofOperators are the objects that operators make without an owner.
var ofOperators = []known{
	{
		kinds: []string{"Secret"}, label: "sealedsecrets.bitnami.com/sealed-secrets-key",
		managers: []string{"controller", "sealed-secrets*"},
	},
	// https://cert-manager.io/docs/reference/annotations/#cert-manageriocertificate-name
	{kinds: []string{"Secret"}, annotation: "cert-manager.io/certificate-name", managers: certificateManagers},
	{
		kinds: []string{"Secret"}, names: []string{"cert-manager-webhook-ca"},
		managers: []string{"cert-manager-*", "webhook"},
	},
	// https://helm.sh/docs/topics/advanced/#storage-backends
	{kinds: []string{"ConfigMap", "Secret"}, label: "owner=helm", managers: helmManagers},
	{
		kinds: []string{"CustomResourceDefinition.apiextensions.k8s.io"},
		names: []string{
			"*.argoproj.io", "*.cert-manager.io", "*.external-secrets.io", "*.bitnami.com", "*.traefik.io", "*.keda.sh",
			"*.cnpg.io", "*.strimzi.io",
		},
		managers: helmManagers,
	},
	// The queries of its metrics, which it copies to where a cluster is
	// (https://cloudnative-pg.io/documentation/1.30/monitoring/#default-set-of-metrics).
	{kinds: []string{"ConfigMap"}, names: []string{"cnpg-default-monitoring"}, managers: postgresManagers},
	// What its webhooks sign with: they belong to the operator's Deployment
	// (https://cloudnative-pg.io/documentation/1.30/certificates/#operator-certificates).
	{kinds: []string{"Secret"}, names: []string{"cnpg-ca-secret", "cnpg-webhook-cert"}, managers: postgresManagers},
	// A claim that is to outlive its Kafka has no owner
	// (https://strimzi.io/docs/operators/1.2.0/configuring#type-PersistentClaimStorage-reference).
	{kinds: []string{"PersistentVolumeClaim"}, label: "strimzi.io/cluster", managers: kafkaManagers},
}

// helmManagers are Helm's own command line and the provider, which runs Helm.
var helmManagers = []string{"helm", "pulumi-resource-kubernetes", "pulumi-kubernetes*"}

// ofTheSandbox is what the sandbox provides in place of a cloud. It counts on a sandbox's API server alone.
var ofTheSandbox = []known{{managers: []string{
	"dreamseed-sandbox", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "external-secrets",
	"rollouts-controller",
}, annotation: "dreamseed.ai/sandbox-spec"}, {
	kinds: []string{"PersistentVolume"}, label: "dreamseed.ai/sandbox",
	managers: []string{"dreamseed-sandbox", "kube-controller-manager", "kube-scheduler"},
}}

// describes reports whether an object is such a one. Somebody who writes it needs to be among its makers, or nobody
// says to have made it.
func (k known) describes(object live) bool {
	managers := object.managers()
	made := slices.ContainsFunc(managers, k.makes) || k.unsaid && !slices.ContainsFunc(managers, creates)
	return made && matchesAny(k.kinds, object.object().Kind) && matchesAny(k.names, object.GetName()) &&
		matchesAny(k.namespaces, object.GetNamespace()) && marked(object.GetLabels(), k.label) &&
		marked(object.GetAnnotations(), k.annotation)
}

func (k known) makes(manager string) bool {
	return len(k.managers) > 0 && matchesAny(k.managers, manager)
}

// creates reports whether a manager's name is that of a command that makes objects.
func creates(manager string) bool { return manager == "kubectl-create" }

// marked reports whether labels have the mark: a key, or key=value.
func marked(labels map[string]string, mark string) bool {
	key, want, valued := strings.Cut(mark, "=")
	value, has := labels[key]
	return mark == "" || has && (!valued || value == want)
}

// bindsTheClustersOwn reports whether an object gives rights to nobody but the cluster's own users and accounts.
func bindsTheClustersOwn(object live) bool {
	subjects, _ := object.Object["subjects"].([]any)
	for _, one := range subjects {
		subject, _ := one.(map[string]any)
		name, _ := subject["name"].(string)
		namespace, _ := subject["namespace"].(string)
		switch {
		case subject["kind"] != "ServiceAccount" && strings.HasPrefix(name, "system:"):
		case subject["kind"] == "ServiceAccount" && strings.HasPrefix(namespace, "kube-"):
		default:
			return false
		}
	}
	return true
}
