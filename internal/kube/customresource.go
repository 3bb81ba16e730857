package kube

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Kind is a kind of the Kubernetes API.
type Kind struct{ APIVersion, Name string }

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
