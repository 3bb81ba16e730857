package kube

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Metadata returns the metadata of an object. An empty namespace means a cluster-scoped object.
func Metadata(namespace, name string, labels pulumi.StringMap) *metav1.ObjectMetaArgs {
	metadata := &metav1.ObjectMetaArgs{Name: pulumi.String(name), Labels: labels}
	if namespace != "" {
		metadata.Namespace = pulumi.String(namespace)
	}
	return metadata
}

// Annotate adds annotations to the metadata and returns it. Without annotations it leaves the field out: an empty map
// would differ from the API server's response.
func Annotate(metadata *metav1.ObjectMetaArgs, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	if len(annotations) == 0 {
		return metadata
	}
	already, _ := metadata.Annotations.(pulumi.StringMap)
	metadata.Annotations = With(already, annotations)
	return metadata
}
