package namespace_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/namespace"
)

// podSecurity builds a namespace and returns the levels of its labels by mode.
func podSecurity(t *testing.T, level namespace.Level) map[string]any {
	t.Helper()
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := namespace.New(ctx, "agents", &namespace.Args{
			Name: "dreamseed-agents", Environment: "staging", PodSecurity: level,
		})
		return err
	})
	object := built.Get(t, "kubernetes:core/v1:Namespace", "agents-namespace")
	assert.Equal(t, "staging", object.At("metadata", "labels", "environment"))
	levels := map[string]any{}
	for _, mode := range []string{"enforce", "audit", "warn"} {
		levels[mode] = object.At("metadata", "labels", "pod-security.kubernetes.io/"+mode)
		assert.Equal(t, "latest", object.At("metadata", "labels", "pod-security.kubernetes.io/"+mode+"-version"), mode)
	}
	return levels
}

func TestANamespaceWithoutALevelIsRestricted(t *testing.T) {
	want := map[string]any{"enforce": "restricted", "audit": "restricted", "warn": "restricted"}
	assert.Equal(t, want, podSecurity(t, ""))
	assert.Equal(t, want, podSecurity(t, namespace.Restricted))
}

func TestANamespaceOfNodeAgentsIsPrivileged(t *testing.T) {
	assert.Equal(t, map[string]any{"enforce": "privileged", "audit": "privileged", "warn": "privileged"},
		podSecurity(t, namespace.Privileged))
}
