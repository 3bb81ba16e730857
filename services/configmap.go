package services

import (
	"maps"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// newConfigMap registers a ConfigMap that never changes and carries the hash of its content in its names. A changed
// value is another ConfigMap, so the pods roll onto it, and pods of the old release keep theirs until the new one has
// proved itself. To the engine, too, it is another resource and no replacement: after a failed release, the engine
// would delete the former one as replaced, although the next release may have returned to it.
func newConfigMap(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	data := configData(args)
	physical := naming.WithHash(args.Service.Workload()+"-config", data)
	hash := physical[strings.LastIndex(physical, "-"):]
	return corev1.NewConfigMap(ctx, name+hash, &corev1.ConfigMapArgs{
		Metadata:  metadata(args, physical),
		Immutable: pulumi.Bool(true),
		Data:      pulumi.ToStringMap(data),
	}, append(opts, pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String(name)}}))...)
}

func configData(args *Args) map[string]string {
	data := maps.Clone(args.Environment)
	maps.Copy(data, args.Service.Config)
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
