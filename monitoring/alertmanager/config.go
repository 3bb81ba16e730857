package alertmanager

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Where Alertmanager finds its files.
const (
	configPath = "/etc/alertmanager/config"
	configName = "alertmanager.yml"
	// CredentialsPath is the directory of the credentials: one file for each, named after the key of its Secret.
	CredentialsPath = "/etc/alertmanager/credentials"
	// dataPath is the directory of the silences and of the log of notifications.
	dataPath = "/alertmanager"
)

// newConfigMap registers the configuration under a name that carries the hash of its content, as a service's: a changed
// one restarts the replicas, one after the other, and a mistake stops at the first.
//
// Alertmanager does not look for a changed file. It reads it again after a signal or a request
// (https://prometheus.io/docs/alerting/latest/management_api), and nobody in the pod would send either. A restart costs
// seconds, in which the other replica sends, and the volume keeps silences and what was sent.
func newConfigMap(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	return kube.NewImmutableConfigMap(ctx, name, &kube.ImmutableConfigMapArgs{
		Namespace: args.Namespace, Base: Name + "-config", Labels: kube.WorkloadLabels(Name),
		Data: map[string]string{configName: args.Config},
	}, opts...)
}
