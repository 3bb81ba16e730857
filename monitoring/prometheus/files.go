package prometheus

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/replica"
)

// Where Prometheus finds its files. Each directory is a mount of its own, beside the others: inside a read-only one
// nothing could be mounted.
const (
	configPath = "/etc/prometheus/config"
	configName = "prometheus.yml"
	// ConfigFile is the configuration file.
	ConfigFile = configPath + "/" + configName
	// RulesPath is the directory of the rule files.
	RulesPath = "/etc/prometheus/rules"
	// CredentialsPath is the directory of the credentials: one file for each, named after the key of its Secret.
	CredentialsPath = "/etc/prometheus/credentials"
	// dataPath is the directory of the database.
	dataPath = "/prometheus"
)

// newFiles registers the ConfigMaps with the configurations and the rules, and returns the directories of a replica.
//
// The names are fixed and the content is changed in place, unlike a service's: Prometheus takes a changed file within
// half a minute of seeing it, and refuses one with a mistake and goes on with the former
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration). A restart would replay the log.
func newFiles(
	ctx *pulumi.Context, name string, args *Args, letters []string, opts ...pulumi.ResourceOption,
) (func(letter string) []replica.Directory, error) {
	rules, err := newConfigMap(ctx, name+"-rules", args, Name+"-rules", args.Rules, opts...)
	if err != nil {
		return nil, err
	}
	configs := map[string]*corev1.ConfigMap{}
	for _, letter := range letters {
		content, err := args.Config(letter)
		if err != nil {
			return nil, fmt.Errorf("writing the configuration of replica %s: %w", letter, err)
		}
		configs[letter], err = newConfigMap(ctx, name+"-"+letter+"-config", args, Name+"-"+letter,
			map[string]string{configName: content}, opts...)
		if err != nil {
			return nil, err
		}
	}
	return func(letter string) []replica.Directory {
		return append([]replica.Directory{
			replica.Config("config", configPath, configs[letter]),
			replica.Config("rules", RulesPath, rules),
		}, replica.Credentials(CredentialsPath, args.Credentials)...)
	}, nil
}

func newConfigMap(
	ctx *pulumi.Context, name string, args *Args, called string, data map[string]string, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: kube.Metadata(args.Namespace, called, kube.WorkloadLabels(Name)),
		Data:     pulumi.ToStringMap(data),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating config map %s: %w", called, err)
	}
	return config, nil
}
