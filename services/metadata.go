package services

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"

	"github.com/dreamseed/platform/internal/kube"
)

func metadata(args *Args, name string) *metav1.ObjectMetaArgs {
	return kube.Metadata(args.Namespace, name, kube.WorkloadLabels(args.Service.Workload()))
}
