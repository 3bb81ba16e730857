package kube

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Kind is a kind of the Kubernetes API.
type Kind struct{ APIVersion, Name string }

// Token returns the type by which the engine knows resources of the kind, for example
// kubernetes:argoproj.io/v1alpha1:Rollout.
func (k Kind) Token() string { return "kubernetes:" + k.APIVersion + ":" + k.Name }

// NewCustomResource registers an object of a kind that a CustomResourceDefinition adds to the API server. Make it
// depend on the operator that brings the definition.
func NewCustomResource(
	ctx *pulumi.Context, name string, kind Kind, metadata *metav1.ObjectMetaArgs, spec pulumi.Map,
	opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(kind.APIVersion), Kind: pulumi.String(kind.Name), Metadata: metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
}
