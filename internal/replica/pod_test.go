package replica_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestAContainerRunsTheProgramWithItsOwnArguments(t *testing.T) {
	recording := built(t, store(), 2)
	for letter, want := range map[string]string{"a": "--letter=a", "b": "--letter=b"} {
		one := container(recording.Get(t, deploymentType, "store-"+letter+"-deployment"))
		assert.Equal(t, "store", one["name"])
		assert.Equal(t, "registry.example/store:v1.2.3", one["image"])
		assert.Equal(t, "IfNotPresent", one["imagePullPolicy"])
		assert.Equal(t, []any{want}, one["args"])
		assert.Equal(t, []any{
			map[string]any{"name": "http", "containerPort": 8080, "protocol": "TCP"},
			map[string]any{"name": "gossip", "containerPort": 8081, "protocol": "UDP"},
		}, one["ports"])
	}
}

// patience returns how many seconds a probe may fail until it counts.
func patience(deployment *mocktest.Resource, probe string) int {
	period, _ := mocktest.At(container(deployment), probe, "periodSeconds").(int)
	failures, _ := mocktest.At(container(deployment), probe, "failureThreshold").(int)
	return period * failures
}

func TestAStartMayTakeAQuarterOfAnHour(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, 15*60, patience(deployment, "startupProbe"))
		assert.Equal(t, map[string]any{"path": "/-/ready", "port": "http"},
			mocktest.At(container(deployment), "startupProbe", "httpGet"))
	}
}

// A replica that is not ready gets no requests; one that answers nothing for a minute is restarted.
func TestReadinessAndLivenessAreDifferentQuestions(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		one := container(deployment)
		assert.Equal(t, map[string]any{"path": "/-/ready", "port": "http"}, mocktest.At(one, "readinessProbe", "httpGet"))
		assert.Equal(t, map[string]any{"path": "/-/healthy", "port": "http"}, mocktest.At(one, "livenessProbe", "httpGet"))
		assert.Equal(t, 15, patience(deployment, "readinessProbe"))
		assert.Equal(t, 60, patience(deployment, "livenessProbe"))
	}
}

// A second is too short for a replica under load, and a restart would make it worse.
func TestAProbeWaitsForALateAnswer(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			assert.Equal(t, 5, mocktest.At(container(deployment), probe, "timeoutSeconds"), probe)
		}
	}
}

func TestLimitsAreTwiceTheMemoryAndEightTimesTheCPU(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, map[string]any{
			"requests": map[string]any{"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "64Mi"},
			"limits":   map[string]any{"cpu": "800m", "memory": "2Gi", "ephemeral-storage": "256Mi"},
		}, container(deployment)["resources"])
	}
}

func TestAPodIsRestrictedAndOwnsItsVolume(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, map[string]any{
			"runAsNonRoot": true, "runAsUser": 10001, "runAsGroup": 10001,
			"fsGroup": 10001, "fsGroupChangePolicy": "OnRootMismatch",
			"seccompProfile": map[string]any{"type": "RuntimeDefault"},
		}, pod(deployment)["securityContext"])
		assert.Equal(t, map[string]any{
			"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
			"capabilities": map[string]any{"drop": []any{"ALL"}},
		}, container(deployment)["securityContext"])
	}
}

func TestATokenIsMountedOnlyForAProgramThatAsksTheAPIServer(t *testing.T) {
	for _, asks := range []bool{true, false} {
		program := store()
		program.Token = asks
		recording := built(t, program, 2)
		account := recording.Get(t, accountType, "store-account")
		assert.Equal(t, false, account.At("automountServiceAccountToken"), "any other pod of this account gets none")
		for _, deployment := range recording.Each(t, deploymentType) {
			assert.Equal(t, account.At("metadata", "name"), pod(deployment)["serviceAccountName"])
			assert.Equal(t, asks, pod(deployment)["automountServiceAccountToken"])
		}
	}
}

// Spot nodes are tainted in every cloud.
func TestAReplicaRunsOnNoSpotNode(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.NotContains(t, pod(deployment), "tolerations")
		assert.Contains(t, pod(deployment), "priorityClassName", "the control: the pod is looked at")
	}
}

func TestAReplicaIsEvictedLast(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, string(catalogue.Critical), pod(deployment)["priorityClassName"])
	}
}

// A Service called like the program would otherwise set variables that programs take for their settings.
func TestAPodGetsNoVariablesOfServices(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, false, pod(deployment)["enableServiceLinks"])
	}
}

func TestACredentialIsAFileOfItsKey(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Contains(t, pod(deployment)["volumes"], map[string]any{
			"name": "credentials",
			"projected": map[string]any{"defaultMode": 0o440, "sources": []any{map[string]any{"secret": map[string]any{
				"name": "webhook", "items": []any{map[string]any{"key": "URL", "path": "URL"}},
			}}}},
		})
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "credentials", "mountPath": "/credentials", "readOnly": true})
	}
}

// The kubelet never updates a file that is mounted by itself.
func TestDirectoriesAreMountedAsAWhole(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		mounts := fmt.Sprint(container(deployment)["volumeMounts"])
		assert.Contains(t, mounts, "mountPath:/credentials", "the control")
		assert.NotContains(t, mounts, "subPath")
	}
}
