package operator

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

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
