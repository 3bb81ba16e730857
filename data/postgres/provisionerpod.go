package postgres

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// unprivilegedUser owns nothing in the images and on any node.
const unprivilegedUser = 10001

// pod returns the pod of the provisioner. The first container gets the administrator's password for this run, as the
// identity of the pod, and leaves it in memory for the second.
func (p *provisioner) pod(scripts *corev1.ConfigMap) *corev1.PodSpecArgs {
	security := kube.RestrictedPod(unprivilegedUser)
	security.FsGroup = pulumi.Int(unprivilegedUser)
	return &corev1.PodSpecArgs{
		ServiceAccountName: pulumi.String(ProvisionerName),
		// The cloud knows the pod by its service account; nothing here talks to the API server.
		AutomountServiceAccountToken: pulumi.Bool(false),
		RestartPolicy:                pulumi.String("Never"),
		EnableServiceLinks:           pulumi.Bool(false),
		PriorityClassName:            pulumi.String(string(catalogue.Critical)),
		SecurityContext:              security,
		InitContainers:               corev1.ContainerArray{p.administrator()},
		Containers:                   corev1.ContainerArray{p.provision()},
		Volumes: corev1.VolumeArray{
			&corev1.VolumeArgs{
				Name: pulumi.String("scripts"), ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: scripts.Metadata.Name()},
			},
			&corev1.VolumeArgs{Name: pulumi.String("work"), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{
				Medium: pulumi.String("Memory"), SizeLimit: pulumi.String("1Mi"),
			}},
			p.passwords(),
		},
	}
}

func (p *provisioner) administrator() *corev1.ContainerArgs {
	of := p.server.Administrator
	variables := pulumi.ToStringMap(of.Environment)
	variables["ADMINISTRATOR"] = pulumi.String(administratorPath)
	return p.container("administrator", of.Image, script("sh", administratorFile), variables)
}

func (p *provisioner) provision() *corev1.ContainerArgs {
	one := p.container("provision", Image, script("bash", "provision.sh"), pulumi.StringMap{
		"ADMINISTRATOR": pulumi.String(administratorPath),
		"ATTEMPTS":      pulumi.String(fmt.Sprint(signInAttempts)),
		"DATABASES":     pulumi.String(databasesPath),
		"SCRIPTS":       pulumi.String(scriptsPath),
		"SERVICES":      pulumi.String(strings.Join(p.names(), " ")),
		"WORK":          pulumi.String(workPath),
		"RESULT":        pulumi.String(resultPath),

		"PGHOST": p.server.Host, "PGUSER": pulumi.String(p.server.Administrator.Username),
		"PGDATABASE": pulumi.String("postgres"), "PGSSLMODE": pulumi.String("require"),
		"PGCONNECT_TIMEOUT": pulumi.String("10"),
	})
	one.VolumeMounts = append(one.VolumeMounts.(corev1.VolumeMountArray), kube.ReadOnlyMount("passwords", databasesPath))
	return one
}

// provisionerDisk is what a container may write to the disk of its node: messages.
var provisionerDisk = resource.MustParse("256Mi")

func (p *provisioner) container(
	name, image string, command pulumi.StringArray, variables pulumi.StringMap,
) *corev1.ContainerArgs {
	environment := corev1.EnvVarArray{}
	for _, key := range slices.Sorted(maps.Keys(variables)) {
		environment = append(environment, &corev1.EnvVarArgs{Name: pulumi.String(key), Value: variables[key]})
	}
	return &corev1.ContainerArgs{
		Name:                     pulumi.String(name),
		Image:                    pulumi.String(image),
		ImagePullPolicy:          pulumi.String("IfNotPresent"),
		Command:                  command,
		Env:                      environment,
		Resources:                taskResources(provisionerDisk),
		SecurityContext:          kube.RestrictedContainer(),
		TerminationMessagePath:   pulumi.String(resultPath),
		TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
		VolumeMounts: corev1.VolumeMountArray{
			kube.ReadOnlyMount("scripts", scriptsPath),
			&corev1.VolumeMountArgs{Name: pulumi.String("work"), MountPath: pulumi.String(workPath)},
		},
	}
}

// passwords returns the volume with the Secret of each service, in a directory of the service's name. The pod waits
// until all of them are there.
func (p *provisioner) passwords() *corev1.VolumeArgs {
	const groupMayRead = 0o440
	sources := corev1.VolumeProjectionArray{}
	for _, service := range p.services {
		sources = append(sources, &corev1.VolumeProjectionArgs{Secret: &corev1.SecretProjectionArgs{
			Name: pulumi.String(managedSecretName(service, p.server)),
			Items: corev1.KeyToPathArray{&corev1.KeyToPathArgs{
				Key: pulumi.String(passwordKey), Path: pulumi.String(path.Join(service.Name, passwordKey)),
			}},
		}})
	}
	return &corev1.VolumeArgs{Name: pulumi.String("passwords"), Projected: &corev1.ProjectedVolumeSourceArgs{
		DefaultMode: pulumi.Int(groupMayRead), Sources: sources,
	}}
}
