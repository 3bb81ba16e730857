package eks

import (
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
)

const (
	autoscaler = "cluster-autoscaler"
	kubeSystem = "kube-system"
	// autoscalerImage is the release for a Kubernetes minor version
	// (https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler#releases). It is referenced by tag, because
	// it follows the configured version. Every minor version has started with a patch 0: v1.35.0 is
	// https://github.com/kubernetes/autoscaler/releases/tag/cluster-autoscaler-1.35.0.
	autoscalerImage = "registry.k8s.io/autoscaling/cluster-autoscaler:v%s.0"
	// autoscalerReplicas is two, so that losing a node does not stop scaling. One of them leads.
	autoscalerReplicas = 2
)

// newAutoscaler scales the node groups of this cluster between their bounds.
func (b *builder) newAutoscaler(
	plane *awseks.Cluster, provider *kubernetes.Provider, pools []pulumi.Resource,
) error {
	identity, granted, err := b.newRole(role{
		name: autoscaler, trust: b.podTrust(kubeSystem, autoscaler), own: b.autoscalerPolicy(),
	})
	if err != nil {
		return err
	}
	association, err := awseks.NewPodIdentityAssociation(b.ctx, b.name+"-autoscaler-association",
		&awseks.PodIdentityAssociationArgs{
			ClusterName:    plane.Name,
			Namespace:      pulumi.String(kubeSystem),
			ServiceAccount: pulumi.String(autoscaler),
			RoleArn:        identity.Arn,
		}, b.child()...)
	if err != nil {
		return fmt.Errorf("giving the autoscaler its identity: %w", err)
	}
	inside := []pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(provider)}
	if err := b.newAutoscalerRights(inside); err != nil {
		return fmt.Errorf("giving the autoscaler its rights: %w", err)
	}
	// A pod that starts before its association has no identity until it starts again.
	after := pulumi.DependsOn(append(append(granted, association), pools...))
	if err := b.newAutoscalerDeployment(append(inside, after)); err != nil {
		return fmt.Errorf("running the autoscaler: %w", err)
	}
	return nil
}

// autoscalerPolicy allows reading everything, and changing only this cluster's groups, which EKS tags
// (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md).
func (b *builder) autoscalerPolicy() pulumi.String {
	return policyOf(
		statement{
			Action: []string{
				"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances",
				"autoscaling:DescribeLaunchConfigurations", "autoscaling:DescribeScalingActivities",
				"autoscaling:DescribeTags", "ec2:DescribeImages", "ec2:DescribeInstanceTypes",
				"ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements",
				"eks:DescribeNodegroup",
			},
			Resource: []string{everything},
		},
		statement{
			Action:   []string{"autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"},
			Resource: []string{everything},
			Condition: map[string]map[string]string{"StringEquals": {
				"aws:ResourceTag/k8s.io/cluster-autoscaler/" + b.spec.Identity(): "owned",
			}},
		},
	)
}

func (b *builder) newAutoscalerDeployment(opts []pulumi.ResourceOption) error {
	_, err := appsv1.NewDeployment(b.ctx, b.name+"-autoscaler", &appsv1.DeploymentArgs{
		Metadata: b.autoscalerMetadata(kubeSystem),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(autoscalerReplicas),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: autoscalerSelector()},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: autoscalerLabels()},
				Spec:     b.autoscalerPod(),
			},
		},
	}, opts...)
	if err != nil {
		return err
	}
	_, err = policyv1.NewPodDisruptionBudget(b.ctx, b.name+"-autoscaler-budget", &policyv1.PodDisruptionBudgetArgs{
		Metadata: b.autoscalerMetadata(kubeSystem),
		Spec: &policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(1),
			Selector:       &metav1.LabelSelectorArgs{MatchLabels: autoscalerSelector()},
		},
	}, opts...)
	return err
}

func (b *builder) autoscalerPod() *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		ServiceAccountName: pulumi.String(autoscaler),
		PriorityClassName:  pulumi.String("system-cluster-critical"),
		SecurityContext:    kube.RestrictedPod(nobody),
		TopologySpreadConstraints: corev1.TopologySpreadConstraintArray{&corev1.TopologySpreadConstraintArgs{
			MaxSkew:           pulumi.Int(1),
			TopologyKey:       pulumi.String("kubernetes.io/hostname"),
			WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
			LabelSelector:     &metav1.LabelSelectorArgs{MatchLabels: autoscalerSelector()},
		}},
		Containers: corev1.ContainerArray{b.autoscalerContainer()},
	}
}

// autoscalerArguments returns the flags that are documented in
// https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md.
func (b *builder) autoscalerArguments() []string {
	return []string{
		"--cloud-provider=aws",
		"--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/" +
			b.spec.Identity(),
		// A pool's groups, one per zone, grow evenly. Without the label the autoscaler considers two groups different as soon
		// as one of them is empty, because it does not know every property of a node that does not exist.
		"--balance-similar-node-groups",
		"--balancing-label=" + cluster.PoolLabel,
		"--expander=least-waste",
		"--skip-nodes-with-system-pods=false",
		// Every pod of a service has an emptyDir, but keeps nothing in it that another pod would miss.
		"--skip-nodes-with-local-storage=false",
	}
}

// nobody is the user of a process that needs no files.
const nobody = 65534

func (b *builder) autoscalerContainer() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:    pulumi.String(autoscaler),
		Image:   pulumi.String(fmt.Sprintf(autoscalerImage, b.spec.KubernetesVersion)),
		Command: pulumi.ToStringArray([]string{"./cluster-autoscaler"}),
		Args:    pulumi.ToStringArray(b.autoscalerArguments()),
		Env: corev1.EnvVarArray{&corev1.EnvVarArgs{
			Name: pulumi.String("AWS_REGION"), Value: pulumi.String(b.spec.Region),
		}},
		Resources: &corev1.ResourceRequirementsArgs{
			Requests: pulumi.ToStringMap(map[string]string{"cpu": "100m", "memory": "600Mi", "ephemeral-storage": "64Mi"}),
			Limits:   pulumi.ToStringMap(map[string]string{"cpu": "1", "memory": "600Mi", "ephemeral-storage": "256Mi"}),
		},
		LivenessProbe: &corev1.ProbeArgs{HttpGet: &corev1.HTTPGetActionArgs{
			Path: pulumi.String("/health-check"), Port: pulumi.Int(8085),
		}},
		SecurityContext: kube.RestrictedContainer(),
	}
}

// autoscalerMetadata returns the metadata of an object. The namespace is empty for a cluster-scoped object.
func (b *builder) autoscalerMetadata(namespace string) *metav1.ObjectMetaArgs {
	return kube.Metadata(namespace, autoscaler, autoscalerLabels())
}

func autoscalerLabels() pulumi.StringMap {
	return kube.With(kube.Labels(), autoscalerSelector())
}

func autoscalerSelector() pulumi.StringMap {
	return pulumi.StringMap{kube.NameLabel: pulumi.String(autoscaler)}
}
