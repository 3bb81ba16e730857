package services

import (
	"maps"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func metadata(args *Args, name string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name:      pulumi.String(name),
		Namespace: pulumi.String(args.Namespace),
		Labels:    labels(args.Service.Workload()),
	}
}

// annotated adds annotations, and leaves the field out where there is nothing to annotate.
func annotated(metadata *metav1.ObjectMetaArgs, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	if len(annotations) == 0 {
		return metadata
	}
	all := pulumi.StringMap{}
	if already, ok := metadata.Annotations.(pulumi.StringMap); ok {
		maps.Copy(all, already)
	}
	maps.Copy(all, annotations)
	metadata.Annotations = all
	return metadata
}
