package preview

import (
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const rbacGroup = "rbac.authorization.k8s.io"

// right is a set of verbs on resources of one API group.
type right struct {
	group     string
	resources []string
	verbs     []string
}

var (
	read = []string{"get", "list", "watch"}
	// tried is what a preview asks for an object that is created or changed: a server-side apply, which is a patch, and a
	// create where the object does not exist yet. Nothing is asked for an object that is deleted
	// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/await.go).
	tried = []string{"get", "list", "watch", "create", "patch"}
	// granted lets a dry run of a role or a binding pass the check that nobody grants more than they have. The identity
	// has next to nothing, so that no such dry run would pass; the admission policy refuses the real requests
	// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping).
	granted = []string{"bind", "escalate"}
)

// rights are the kinds that the program registers, and what a preview, a drift check or a status reads beside them.
// Secrets are not among them: even a dry run would show what is in one, and the program has none. Neither are
// admission policies for more than reading: they are exempt from the policy that makes the rest harmless.
var rights = []right{
	{"", []string{
		"configmaps", "limitranges", "namespaces", "persistentvolumeclaims", "resourcequotas", "serviceaccounts", "services",
	}, tried},
	{"apps", []string{"daemonsets", "deployments"}, tried},
	{"argoproj.io", []string{"analysistemplates", "rollouts"}, tried},
	{"autoscaling", []string{"horizontalpodautoscalers"}, tried},
	{"batch", []string{"cronjobs", "jobs"}, tried},
	{"bitnami.com", []string{"sealedsecrets"}, tried},
	{"cert-manager.io", []string{"certificates", "issuers"}, tried},
	{"elasticsearch.k8s.elastic.co", []string{"elasticsearches"}, tried},
	{"external-secrets.io", []string{"externalsecrets", "secretstores"}, tried},
	{"generators.external-secrets.io", []string{"passwords"}, tried},
	{"kafka.strimzi.io", []string{"kafkanodepools", "kafkas", "kafkatopics", "kafkausers"}, tried},
	{"keda.sh", []string{"scaledobjects"}, tried},
	{"kibana.k8s.elastic.co", []string{"kibanas"}, tried},
	{"networking.k8s.io", []string{"ingresses", "networkpolicies"}, tried},
	{"policy", []string{"poddisruptionbudgets"}, tried},
	{"postgresql.cnpg.io", []string{"clusters", "databaseroles", "databases"}, tried},
	{rbacGroup, []string{"clusterrolebindings", "clusterroles", "rolebindings", "roles"}, tried},
	{rbacGroup, []string{"clusterroles", "roles"}, granted},
	{"scheduling.k8s.io", []string{"priorityclasses"}, tried},
	{"storage.k8s.io", []string{"storageclasses"}, tried},
	{"traefik.io", []string{"middlewares"}, tried},

	{"", []string{"endpoints", "events", "nodes", "persistentvolumes", "pods", "replicationcontrollers"}, read},
	{"admissionregistration.k8s.io", []string{
		"mutatingwebhookconfigurations", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
		"validatingwebhookconfigurations",
	}, read},
	{"apiextensions.k8s.io", []string{"customresourcedefinitions"}, read},
	{"apiregistration.k8s.io", []string{"apiservices"}, read},
	{"apps", []string{"controllerrevisions", "replicasets", "statefulsets"}, read},
	{"argoproj.io", []string{"analysisruns", "experiments"}, read},
	{"core.strimzi.io", []string{"strimzipodsets"}, read},
	{"discovery.k8s.io", []string{"endpointslices"}, read},
	{"events.k8s.io", []string{"events"}, read},
	{"storage.k8s.io", []string{"volumeattachments"}, read},
}

func rules() rbacv1.PolicyRuleArray {
	var all rbacv1.PolicyRuleArray
	for _, one := range rights {
		all = append(all, &rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{one.group}),
			Resources: pulumi.ToStringArray(one.resources),
			Verbs:     pulumi.ToStringArray(one.verbs),
		})
	}
	return all
}
