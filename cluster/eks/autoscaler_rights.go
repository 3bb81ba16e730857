package eks

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// right is a rule of an RBAC role.
type right struct {
	group     string
	resources []string
	verbs     []string
	names     []string
}

var (
	look   = []string{"get", "list", "watch"}
	change = []string{"get", "update"}
)

// The rules are those of the release's own manifest: read everything that scheduling depends on, evict pods, and elect
// a leader (https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/cloudprovider/aws/examples). From
// 1.35 on the autoscaler waits until it can read the devices that pods can claim, even if there are none
// (https://github.com/kubernetes/autoscaler/issues/9244, https://github.com/kubernetes/autoscaler/pull/10278).
var (
	inTheCluster = []right{
		{"", []string{"events", "endpoints"}, []string{"create", "patch"}, nil},
		{"", []string{"pods/eviction"}, []string{"create"}, nil},
		{"", []string{"pods/status"}, []string{"update"}, nil},
		{"", []string{"nodes"}, []string{"get", "list", "watch", "update"}, nil},
		{"", []string{
			"namespaces", "pods", "services", "replicationcontrollers", "persistentvolumeclaims", "persistentvolumes",
		}, look, nil},
		{"apps", []string{"statefulsets", "replicasets", "daemonsets"}, look, nil},
		{"batch", []string{"jobs", "cronjobs"}, look, nil},
		{"policy", []string{"poddisruptionbudgets"}, look, nil},
		{"storage.k8s.io", []string{
			"storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments",
		}, look, nil},
		{"resource.k8s.io", []string{"deviceclasses", "resourceclaims", "resourceslices"}, look, nil},
		{"coordination.k8s.io", []string{"leases"}, []string{"create"}, nil},
		{"coordination.k8s.io", []string{"leases"}, change, []string{autoscaler}},
	}
	inItsNamespace = []right{
		{"", []string{"configmaps"}, []string{"create", "list", "watch"}, nil},
		{"", []string{"configmaps"}, []string{"delete", "get", "update", "watch"}, []string{
			"cluster-autoscaler-status", "cluster-autoscaler-priority-expander",
		}},
	}
)

func (b *builder) newAutoscalerRights(opts []pulumi.ResourceOption) error {
	if _, err := corev1.NewServiceAccount(b.ctx, b.name+"-autoscaler-account", &corev1.ServiceAccountArgs{
		Metadata: b.autoscalerMetadata(kubeSystem),
	}, opts...); err != nil {
		return err
	}
	if _, err := rbacv1.NewClusterRole(b.ctx, b.name+"-autoscaler-cluster-role", &rbacv1.ClusterRoleArgs{
		Metadata: b.autoscalerMetadata(""), Rules: rules(inTheCluster),
	}, opts...); err != nil {
		return err
	}
	if _, err := rbacv1.NewClusterRoleBinding(b.ctx, b.name+"-autoscaler-cluster-binding",
		&rbacv1.ClusterRoleBindingArgs{
			Metadata: b.autoscalerMetadata(""),
			RoleRef:  kube.RoleRef("ClusterRole", pulumi.String(autoscaler)),
			Subjects: kube.AccountSubjects(autoscaler, kubeSystem),
		}, opts...); err != nil {
		return err
	}
	if _, err := rbacv1.NewRole(b.ctx, b.name+"-autoscaler-namespace-role", &rbacv1.RoleArgs{
		Metadata: b.autoscalerMetadata(kubeSystem), Rules: rules(inItsNamespace),
	}, opts...); err != nil {
		return err
	}
	_, err := rbacv1.NewRoleBinding(b.ctx, b.name+"-autoscaler-namespace-binding", &rbacv1.RoleBindingArgs{
		Metadata: b.autoscalerMetadata(kubeSystem),
		RoleRef:  kube.RoleRef("Role", pulumi.String(autoscaler)),
		Subjects: kube.AccountSubjects(autoscaler, kubeSystem),
	}, opts...)
	return err
}

func rules(rights []right) rbacv1.PolicyRuleArray {
	var rules rbacv1.PolicyRuleArray
	for _, one := range rights {
		rule := &rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{one.group}),
			Resources: pulumi.ToStringArray(one.resources),
			Verbs:     pulumi.ToStringArray(one.verbs),
		}
		if len(one.names) > 0 {
			rule.ResourceNames = pulumi.ToStringArray(one.names)
		}
		rules = append(rules, rule)
	}
	return rules
}
