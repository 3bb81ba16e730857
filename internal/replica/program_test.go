package replica_test

import (
	"testing"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

// asked returns the container of a program whose health is what its commands return.
func asked(t *testing.T) (*mocktest.Resource, map[string]any) {
	t.Helper()
	program := store()
	program.Health = replica.Health{
		Ready: replica.Question{Command: []string{"ask", "ready"}}, Healthy: replica.Question{Command: []string{"ask"}},
		StartSeconds: 120,
	}
	deployment := built(t, program, 1).Get(t, deploymentType, "store-a-deployment")
	return deployment, container(deployment)
}

func TestAProgramMayBeAskedByACommand(t *testing.T) {
	_, one := asked(t)
	for probe, command := range map[string][]any{
		"startupProbe": {"ask", "ready"}, "readinessProbe": {"ask", "ready"}, "livenessProbe": {"ask"},
	} {
		assert.Equal(t, command, mocktest.At(one, probe, "exec", "command"), probe)
		assert.Nil(t, mocktest.At(one, probe, "httpGet"), probe)
	}
}

func TestTheRunWaitsAsLongAsAStartMayTake(t *testing.T) {
	deployment, _ := asked(t)
	assert.Equal(t, 120, patience(deployment, "startupProbe"))
	assert.Equal(t, 120+5*60, deployment.At("spec", "progressDeadlineSeconds"))
	assert.Equal(t, "425s", deployment.CreateTimeout)
}

func TestAProgramMayHaveLimitsOfItsOwn(t *testing.T) {
	program := store()
	program.Limits = catalogue.Amounts{CPU: resource.MustParse("1"), Memory: resource.MustParse("1Gi")}
	one := container(built(t, program, 1).Get(t, deploymentType, "store-a-deployment"))
	assert.Equal(t, map[string]any{"cpu": "1", "memory": "1Gi", "ephemeral-storage": "256Mi"},
		mocktest.At(one, "resources", "limits"))
}

func TestScratchComesAndGoesWithThePod(t *testing.T) {
	program := store()
	program.Scratch = "/tmp"
	deployment := built(t, program, 1).Get(t, deploymentType, "store-a-deployment")
	assert.Contains(t, pod(deployment)["volumes"], map[string]any{"name": "scratch", "emptyDir": map[string]any{}})
	assert.Contains(t, container(deployment)["volumeMounts"], map[string]any{"name": "scratch", "mountPath": "/tmp"})
}

func TestContainersStandBesideTheProgram(t *testing.T) {
	program := store()
	program.Beside = corev1.ContainerArray{&corev1.ContainerArgs{Name: pulumi.String("exporter")}}
	containers, _ := pod(built(t, program, 1).Get(t, deploymentType, "store-a-deployment"))["containers"].([]any)
	assert.Equal(t, "store", mocktest.At(containers, 0, "name"))
	assert.Equal(t, "exporter", mocktest.At(containers, 1, "name"))
}

func TestAnImageKeepsItsCommandUnlessOneIsGiven(t *testing.T) {
	one := container(built(t, store(), 1).Get(t, deploymentType, "store-a-deployment"))
	assert.NotContains(t, one, "command")
}

func TestAClaimMayOutliveTheProgram(t *testing.T) {
	for _, retained := range []bool{true, false} {
		program := store()
		program.Volume.Retain = retained
		for _, claim := range built(t, program, 2).Each(t, claimType) {
			assert.Equal(t, retained, claim.RetainOnDelete, claim.Name)
		}
	}
}
