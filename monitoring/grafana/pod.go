package grafana

import (
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// portName is the name of Port in the container and the Service.
const portName = "http"

var portText = strconv.Itoa(Port)

// unprivilegedUser is a user and group that exist in no image and own nothing on any node. The image allows any
// (https://grafana.com/docs/grafana/latest/setup-grafana/installation/docker/#use-bind-mounts).
const unprivilegedUser = 10001

// checksumAnnotation holds a checksum of the provisioning. Grafana reads those files only when it starts: another
// checksum replaces the pod.
const checksumAnnotation = "dreamseed.ai/provisioning"

func newPodTemplate(
	args *Args, account *corev1.ServiceAccount, provisioning *provisioned, folders []folder,
) *corev1.PodTemplateSpecArgs {
	mounted := args.volumes(provisioning, folders)
	return &corev1.PodTemplateSpecArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Labels:      kube.WorkloadLabels(workload),
			Annotations: pulumi.StringMap{checksumAnnotation: pulumi.String(provisioning.checksum)},
		},
		Spec: &corev1.PodSpecArgs{
			ServiceAccountName:           account.Metadata.Name().Elem(),
			AutomountServiceAccountToken: pulumi.Bool(false),
			EnableServiceLinks:           pulumi.Bool(false),
			PriorityClassName:            pulumi.String(string(catalogue.Standard)),
			SecurityContext:              podSecurity(),
			Containers:                   corev1.ContainerArray{container(args, mounted)},
			Volumes:                      volumes(mounted),
		},
	}
}

// podSecurity lets the pod's user write to its volumes and read the password.
func podSecurity() *corev1.PodSecurityContextArgs {
	security := kube.RestrictedPod(unprivilegedUser)
	security.FsGroup = pulumi.Int(unprivilegedUser)
	return security
}

func container(args *Args, mounted []mounted) *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String(workload),
		Image:           pulumi.String(Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Ports: corev1.ContainerPortArray{&corev1.ContainerPortArgs{
			Name: pulumi.String(portName), ContainerPort: pulumi.Int(Port), Protocol: pulumi.String("TCP"),
		}},
		Env: args.environment(),
		Resources: &corev1.ResourceRequirementsArgs{
			Requests: amounts("100m", "256Mi", "64Mi"),
			Limits:   amounts("500m", "512Mi", "512Mi"),
		},
		// The first start creates the database, which takes a minute on a slow disk.
		StartupProbe:    probe(readyPath, 5, 36),
		ReadinessProbe:  probe(readyPath, 5, 3),
		LivenessProbe:   probe(alivePath, 10, 6),
		SecurityContext: kube.RestrictedContainer(),
		VolumeMounts:    mounts(mounted),
	}
}

func amounts(cpu, memory, disk string) pulumi.StringMap {
	return pulumi.ToStringMap(map[string]string{"cpu": cpu, "memory": memory, "ephemeral-storage": disk})
}

const (
	// readyPath answers whether Grafana reaches its database
	// (https://grafana.com/docs/grafana/latest/developers/http_api/other/#returns-health-information-about-grafana).
	readyPath = "/api/health"
	// alivePath answers as long as Grafana does anything (https://github.com/grafana/grafana/pull/27536). A restart
	// repairs no database.
	alivePath = "/healthz"
)

func probe(path string, periodSeconds, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String(portName)},
		PeriodSeconds:    pulumi.Int(periodSeconds),
		FailureThreshold: pulumi.Int(failures),
	}
}
