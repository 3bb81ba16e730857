package alertmanager_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/alertmanager"
)

const (
	claimType      = "kubernetes:core/v1:PersistentVolumeClaim"
	componentType  = "dreamseed:monitoring:Alertmanager"
	configMapType  = "kubernetes:core/v1:ConfigMap"
	deploymentType = "kubernetes:apps/v1:Deployment"
	serviceType    = "kubernetes:core/v1:Service"
)

func args(replicas int) *alertmanager.Args {
	return &alertmanager.Args{
		Namespace:   "monitoring",
		Replicas:    replicas,
		Storage:     resource.MustParse("1Gi"),
		Protect:     true,
		Config:      "route: {receiver: pager}",
		Credentials: []alertmanager.Credential{{Secret: "pager-webhook", Key: "PAGER_URL"}},
	}
}

func try(args *alertmanager.Args) (*mocktest.Recording, *alertmanager.Alertmanager, error) {
	var running *alertmanager.Alertmanager
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		var err error
		if args.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		running, err = alertmanager.New(ctx, "alertmanager", args)
		return err
	})
	return recording, running, err
}

func built(t *testing.T, args *alertmanager.Args) *mocktest.Recording {
	t.Helper()
	recording, _, err := try(args)
	require.NoError(t, err)
	return recording
}

func pod(deployment *mocktest.Resource) map[string]any {
	spec, _ := deployment.At("spec", "template", "spec").(map[string]any)
	return spec
}

func container(deployment *mocktest.Resource) map[string]any {
	first, _ := mocktest.At(pod(deployment), "containers", 0).(map[string]any)
	return first
}

// arguments returns those of the command line that begin with a prefix.
func arguments(deployment *mocktest.Resource, prefix string) []string {
	var found []string
	all, _ := container(deployment)["args"].([]any)
	for _, one := range all {
		if strings.HasPrefix(one.(string), prefix) {
			found = append(found, one.(string))
		}
	}
	return found
}

func TestEverythingIsBelowAlertmanager(t *testing.T) {
	recording := built(t, args(2))
	recording.AssertParents(t, "earlier", "alertmanager")
	recording.Get(t, componentType, "alertmanager")
}

func TestAlertsGoToEveryReplica(t *testing.T) {
	for count, want := range map[int][]string{
		1: {"alertmanager-a.monitoring.svc.cluster.local:9093"},
		2: {"alertmanager-a.monitoring.svc.cluster.local:9093", "alertmanager-b.monitoring.svc.cluster.local:9093"},
	} {
		recording, running, err := try(args(count))
		require.NoError(t, err)
		assert.Equal(t, want, running.Addresses)
		assert.Len(t, running.Objects, 1+2*count)
		for _, service := range recording.Each(t, serviceType) {
			assert.Contains(t, service.At("spec", "ports"),
				map[string]any{"name": "http", "port": 9093, "targetPort": "http", "protocol": "TCP"})
		}
	}
}

func TestANumberOfReplicasThatCannotBeIsRefused(t *testing.T) {
	_, _, err := try(args(3))
	assert.ErrorContains(t, err, "3 replicas")
}

func TestTheImageIsOfAnExactVersionFromANamedRegistry(t *testing.T) {
	for _, deployment := range built(t, args(2)).Each(t, deploymentType) {
		image, _ := container(deployment)["image"].(string)
		assert.Equal(t, alertmanager.Image, image)
		assert.Regexp(t, `^[a-z]+\.io/[a-z/]+:v\d+\.\d+\.\d+$`, image)
	}
}

func TestAReplicaFindsTheOtherAndNotItself(t *testing.T) {
	recording := built(t, args(2))
	for letter, other := range map[string]string{"a": "b", "b": "a"} {
		deployment := recording.Get(t, deploymentType, "alertmanager-"+letter+"-deployment")
		assert.Equal(t, []string{
			"--cluster.listen-address=0.0.0.0:9094",
			"--cluster.advertise-address=$(POD_IP):9094",
			"--cluster.peer=alertmanager-" + other + ".monitoring.svc.cluster.local:9094",
		}, arguments(deployment, "--cluster"))
		assert.Contains(t, container(deployment)["env"], map[string]any{
			"name": "POD_IP", "valueFrom": map[string]any{
				"fieldRef": map[string]any{"apiVersion": "v1", "fieldPath": "status.podIP"},
			},
		})
	}
}

// With UDP closed, both replicas send every notification.
func TestGossipIsOpenOverBothProtocols(t *testing.T) {
	recording := built(t, args(2))
	for _, protocol := range []string{"TCP", "UDP"} {
		name := "gossip-" + strings.ToLower(protocol)
		for _, deployment := range recording.Each(t, deploymentType) {
			assert.Contains(t, container(deployment)["ports"],
				map[string]any{"name": name, "containerPort": 9094, "protocol": protocol})
		}
		for _, service := range recording.Each(t, serviceType) {
			assert.Contains(t, service.At("spec", "ports"),
				map[string]any{"name": name, "port": 9094, "targetPort": name, "protocol": protocol}, service.Name)
		}
	}
}

func TestASingleReplicaIsNoCluster(t *testing.T) {
	recording := built(t, args(1))
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Equal(t, []string{"--cluster.listen-address="}, arguments(deployment, "--cluster"))
		assert.Len(t, container(deployment)["ports"], 1)
	}
	for _, service := range recording.Each(t, serviceType) {
		assert.Len(t, service.At("spec", "ports"), 1)
	}
}

func TestTheRestOfTheCommandLineIsShared(t *testing.T) {
	for _, deployment := range built(t, args(2)).Each(t, deploymentType) {
		assert.Subset(t, arguments(deployment, "--"), []string{
			"--config.file=/etc/alertmanager/config/alertmanager.yml", "--storage.path=/alertmanager",
			"--web.external-url=http://alertmanager.monitoring.svc.cluster.local:9093", "--auto-gomemlimit",
		})
	}
}

func TestAlertmanagerAsksNoAPIServer(t *testing.T) {
	for _, deployment := range built(t, args(2)).Each(t, deploymentType) {
		assert.Equal(t, false, pod(deployment)["automountServiceAccountToken"])
	}
}

// Alertmanager does not look for a changed file.
func TestAChangedConfigurationRestartsTheReplicas(t *testing.T) {
	changed := args(2)
	changed.Config = "route: {receiver: mail}"
	before, after := built(t, args(2)), built(t, changed)
	assert.Subset(t, mocktest.Changed(before, after), []string{"alertmanager-a-deployment", "alertmanager-b-deployment"})
	assert.Empty(t, mocktest.Changed(before, built(t, args(2))), "the control: an equal one changes nothing")
}

func TestTheConfigurationIsNamedByItsContentAndNeverChanges(t *testing.T) {
	recording := built(t, args(2))
	maps := recording.OfType(configMapType)
	require.Len(t, maps, 1)
	assert.Equal(t, map[string]any{"alertmanager.yml": "route: {receiver: pager}"}, maps[0].At("data"))
	assert.Equal(t, true, maps[0].At("immutable"))
	assert.Equal(t, maps[0].Name, maps[0].At("metadata", "name"), "each content is a resource of its own")
	maps[0].AssertDependsOn(t, mocktest.EarlierRef)
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Contains(t, pod(deployment)["volumes"],
			map[string]any{"name": "config", "configMap": map[string]any{"name": maps[0].At("metadata", "name")}})
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "config", "mountPath": "/etc/alertmanager/config", "readOnly": true})
	}
}

func TestACredentialComesFromItsSecretAndIsInNoConfigMap(t *testing.T) {
	recording := built(t, args(2))
	for _, one := range recording.Each(t, configMapType) {
		assert.NotContains(t, fmt.Sprint(one.Inputs), "pager-webhook")
	}
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Contains(t, fmt.Sprint(pod(deployment)["volumes"]), "pager-webhook", "the control")
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "credentials", "mountPath": "/etc/alertmanager/credentials", "readOnly": true})
	}
}

func TestTheClaimIsWhatTheConfigurationAsksFor(t *testing.T) {
	classed := args(2)
	classed.StorageClass = "encrypted"
	for _, claim := range built(t, classed).Each(t, claimType) {
		assert.Equal(t, "1Gi", claim.At("spec", "resources", "requests", "storage"))
		assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
		assert.True(t, claim.Protect)
	}
}

func TestAlertmanagerIsSmallAndStopsInTime(t *testing.T) {
	for _, deployment := range built(t, args(2)).Each(t, deploymentType) {
		requests, _ := mocktest.At(container(deployment), "resources", "requests").(map[string]any)
		assert.Equal(t, "50m", requests["cpu"])
		assert.Equal(t, "128Mi", requests["memory"])
		assert.Equal(t, 30, pod(deployment)["terminationGracePeriodSeconds"])
	}
}

func TestSilencesAreOnTheVolume(t *testing.T) {
	for _, deployment := range built(t, args(2)).Each(t, deploymentType) {
		assert.Contains(t, container(deployment)["volumeMounts"],
			map[string]any{"name": "data", "mountPath": "/alertmanager"})
	}
}
