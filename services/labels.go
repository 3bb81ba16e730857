package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Selector returns the labels that select the pods of a service.
func Selector(workload string) map[string]string { return map[string]string{kube.NameLabel: workload} }

func selector(workload string) pulumi.StringMap { return pulumi.ToStringMap(Selector(workload)) }
