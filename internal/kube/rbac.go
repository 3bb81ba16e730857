package kube

import (
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RoleRef returns the reference to a Role or ClusterRole. A name that comes from the role itself makes the binding wait
// for it.
func RoleRef(kind string, name pulumi.StringInput) *rbacv1.RoleRefArgs {
	return &rbacv1.RoleRefArgs{
		ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String(kind), Name: name,
	}
}

// AccountSubjects returns one ServiceAccount as the subject of a binding.
func AccountSubjects(name, namespace string) rbacv1.SubjectArray {
	return rbacv1.SubjectArray{&rbacv1.SubjectArgs{
		Kind: pulumi.String("ServiceAccount"), Name: pulumi.String(name), Namespace: pulumi.String(namespace),
	}}
}
