package operator

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// chart is the Helm chart of an operator.
type chart struct {
	repository, name, version string
	// values differ from the chart's own.
	values pulumi.Map
}

// Chart is the pinned Helm chart of an operator.
type Chart struct {
	// Repository is the URL of the chart's repository.
	Repository string
	// Name is the name of the chart in it, and Version its version there.
	Name, Version string
}

// Charts returns the pinned charts of all operators, in the order of Names.
func Charts() []Chart {
	var pinned []Chart
	for _, one := range []Operator{
		NewArgoRollouts(ArgoRolloutsArgs{}), NewCertManager(CertManagerArgs{}),
		NewCloudNativePG(CloudNativePGArgs{}), NewECK(ECKArgs{}),
		NewExternalSecrets(ExternalSecretsArgs{}), NewKEDA(KEDAArgs{}),
		NewSealedSecrets(SealedSecretsArgs{}), NewStrimzi(StrimziArgs{}), NewTraefik(TraefikArgs{}),
	} {
		pinned = append(pinned, Chart{one.chart.repository, one.chart.name, one.chart.version})
	}
	return pinned
}

// replicas survive the drain of a node.
const replicas = 2

func resources(cpu, memory, memoryLimit string) pulumi.Map {
	return pulumi.Map{
		"requests": pulumi.ToStringMap(map[string]string{"cpu": cpu, "memory": memory}),
		"limits":   pulumi.ToStringMap(map[string]string{"memory": memoryLimit}),
	}
}

// restrictedPod and restrictedContainer return the settings that the Pod Security Standard "restricted" requires
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted), whatever the defaults of a chart.
func restrictedPod() pulumi.Map {
	return pulumi.Map{
		"runAsNonRoot":   pulumi.Bool(true),
		"seccompProfile": pulumi.Map{"type": pulumi.String("RuntimeDefault")},
	}
}

func restrictedContainer() pulumi.Map {
	return pulumi.Map{
		"allowPrivilegeEscalation": pulumi.Bool(false),
		"capabilities":             pulumi.Map{"drop": pulumi.ToStringArray([]string{"ALL"})},
	}
}
