package namespace

import (
	"fmt"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// newLimits bounds all pods together by a ResourceQuota, and gives containers without resources modest defaults by a
// LimitRange: under a quota, a pod without requests and limits would be refused.
func (n *Namespace) newLimits(
	ctx *pulumi.Context, name string, quota catalogue.Demand, opts ...pulumi.ResourceOption,
) error {
	hard, err := corev1.NewResourceQuota(ctx, name+"-quota", &corev1.ResourceQuotaArgs{
		Metadata: kube.Metadata(n.Name, "quota", kube.Labels()),
		Spec: &corev1.ResourceQuotaSpecArgs{Hard: pulumi.StringMap{
			"pods":            pulumi.String(strconv.Itoa(quota.Pods)),
			"requests.cpu":    pulumi.String(quota.Requests.CPU.String()),
			"requests.memory": pulumi.String(quota.Requests.Memory.String()),
			"limits.cpu":      pulumi.String(quota.Limits.CPU.String()),
			"limits.memory":   pulumi.String(quota.Limits.Memory.String()),
		}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating the resource quota: %w", err)
	}
	defaults, err := corev1.NewLimitRange(ctx, name+"-limits", &corev1.LimitRangeArgs{
		Metadata: kube.Metadata(n.Name, "limits", kube.Labels()),
		Spec: &corev1.LimitRangeSpecArgs{Limits: corev1.LimitRangeItemArray{&corev1.LimitRangeItemArgs{
			Type:           pulumi.String("Container"),
			DefaultRequest: pulumi.ToStringMap(map[string]string{"cpu": "100m", "memory": "256Mi"}),
			Default:        pulumi.ToStringMap(map[string]string{"cpu": "500m", "memory": "512Mi"}),
		}}},
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating the limit range: %w", err)
	}
	n.resources = append(n.resources, hard, defaults)
	return nil
}
