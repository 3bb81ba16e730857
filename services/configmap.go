package services

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newConfigMap registers the service's variables and files. A changed value rolls the pods.
func newConfigMap(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	workload := args.Service.Workload()
	return kube.NewImmutableConfigMap(ctx, name, &kube.ImmutableConfigMapArgs{
		Namespace: args.Namespace, Base: workload + "-config", Labels: kube.WorkloadLabels(workload),
		Data: configData(args),
	}, append(opts, pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String(name)}}))...)
}

func configData(args *Args) map[string]string {
	data := maps.Clone(args.Environment)
	maps.Copy(data, args.Service.Config)
	maps.Copy(data, args.Files)
	return data
}

// environment reads the variables from the ConfigMap.
func environment(args *Args, config *corev1.ConfigMap) corev1.EnvVarArray {
	variables := corev1.EnvVarArray{}
	for _, name := range args.Service.EnvironmentVariables() {
		variables = append(variables, &corev1.EnvVarArgs{
			Name: pulumi.String(name),
			ValueFrom: &corev1.EnvVarSourceArgs{ConfigMapKeyRef: &corev1.ConfigMapKeySelectorArgs{
				Name: config.Metadata.Name(),
				Key:  pulumi.String(name),
			}},
		})
	}
	return variables
}
