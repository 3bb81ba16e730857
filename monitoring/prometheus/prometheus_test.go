package prometheus_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/prometheus"
)

const (
	accountType     = "kubernetes:core/v1:ServiceAccount"
	claimType       = "kubernetes:core/v1:PersistentVolumeClaim"
	clusterRoleType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
	clusterBindType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
	componentType   = "dreamseed:monitoring:Prometheus"
	configMapType   = "kubernetes:core/v1:ConfigMap"
	deploymentType  = "kubernetes:apps/v1:Deployment"
	roleBindType    = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
	roleType        = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	serviceType     = "kubernetes:core/v1:Service"
)

// production returns two replicas that write to a store elsewhere.
func production() *prometheus.Args {
	return &prometheus.Args{
		Namespace:     "monitoring",
		Replicas:      2,
		Storage:       resource.MustParse("100Gi"),
		StorageClass:  "encrypted",
		Protect:       true,
		Config:        func(letter string) (string, error) { return "replica: " + letter, nil },
		Rules:         map[string]string{"auth.yml": "groups: []"},
		Credentials:   []prometheus.Credential{{Secret: "central-store-token", Key: "TOKEN"}},
		Scraped:       []string{"services", "argo-rollouts"},
		MemoryRequest: resource.MustParse("2Gi"),
	}
}

// single returns one replica without credentials.
func single() *prometheus.Args {
	args := production()
	args.Replicas, args.Protect, args.StorageClass, args.Credentials = 1, false, "", nil
	return args
}

func try(args *prometheus.Args) (*mocktest.Recording, *prometheus.Prometheus, error) {
	var running *prometheus.Prometheus
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		var err error
		if args.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		running, err = prometheus.New(ctx, "prometheus", args)
		return err
	})
	return recording, running, err
}

func built(t *testing.T, args *prometheus.Args) *mocktest.Recording {
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

func TestEverythingIsBelowPrometheus(t *testing.T) {
	recording := built(t, production())
	recording.AssertParents(t, "earlier", "prometheus")
	recording.Get(t, componentType, "prometheus")
}

func TestPrometheusIsFoundUnderOneAddress(t *testing.T) {
	recording, running, err := try(production())
	require.NoError(t, err)
	assert.Equal(t, "http://prometheus.monitoring.svc.cluster.local:9090", running.URL)
	service := recording.Get(t, serviceType, "prometheus-service")
	assert.Equal(t, "prometheus", service.At("metadata", "name"))
	assert.Equal(t, []any{map[string]any{"name": "http", "port": 9090, "targetPort": "http", "protocol": "TCP"}},
		service.At("spec", "ports"))
}

// Two replicas have a Deployment and a Service each, and the Service over both.
func TestRoutesWaitForEveryReplica(t *testing.T) {
	for count, objects := range map[int]int{1: 3, 2: 5} {
		args := production()
		args.Replicas = count
		_, running, err := try(args)
		require.NoError(t, err)
		assert.Len(t, running.Objects, objects)
	}
}

func TestANumberOfReplicasThatCannotBeIsRefused(t *testing.T) {
	args := production()
	args.Replicas = 3
	_, _, err := try(args)
	assert.ErrorContains(t, err, "3 replicas")
}

func TestTheImageIsOfAnExactVersionFromANamedRegistry(t *testing.T) {
	for _, deployment := range built(t, production()).Each(t, deploymentType) {
		image, _ := container(deployment)["image"].(string)
		assert.Equal(t, prometheus.Image, image)
		assert.Regexp(t, `^[a-z]+\.io/[a-z/]+:v\d+\.\d+\.\d+$`, image)
	}
}

func TestTheCommandLineIsTheSameForAllReplicas(t *testing.T) {
	for _, deployment := range built(t, production()).Each(t, deploymentType) {
		assert.Equal(t, []any{
			"--config.file=/etc/prometheus/config/prometheus.yml",
			"--config.auto-reload",
			"--storage.tsdb.path=/prometheus",
			"--web.external-url=http://prometheus.monitoring.svc.cluster.local:9090",
		}, container(deployment)["args"])
	}
}

// Nobody who reaches the port may stop Prometheus or delete series.
func TestNobodyControlsPrometheusOverTheNetwork(t *testing.T) {
	for _, deployment := range built(t, production()).Each(t, deploymentType) {
		arguments, _ := container(deployment)["args"].([]any)
		require.NotEmpty(t, arguments)
		assert.NotContains(t, arguments, "--web.enable-lifecycle")
		assert.NotContains(t, arguments, "--web.enable-admin-api")
	}
}

func TestPrometheusAsksTheAPIServerUnderItsOwnAccount(t *testing.T) {
	recording := built(t, production())
	account := recording.Get(t, accountType, "prometheus-account")
	assert.Equal(t, "prometheus", account.At("metadata", "name"))
	for _, deployment := range recording.Each(t, deploymentType) {
		assert.Equal(t, "prometheus", pod(deployment)["serviceAccountName"])
		assert.Equal(t, true, pod(deployment)["automountServiceAccountToken"])
	}
}

// Sending to a remote store may take a minute when Prometheus stops.
func TestPrometheusHasTimeToSendWhatItHolds(t *testing.T) {
	for _, deployment := range built(t, production()).Each(t, deploymentType) {
		assert.Equal(t, 120, pod(deployment)["terminationGracePeriodSeconds"])
	}
}

func TestTheMemoryLimitHasRoomForTheReplay(t *testing.T) {
	for _, deployment := range built(t, production()).Each(t, deploymentType) {
		assert.Equal(t, "2Gi", mocktest.At(container(deployment), "resources", "requests", "memory"))
		assert.Equal(t, "4Gi", mocktest.At(container(deployment), "resources", "limits", "memory"))
		assert.Equal(t, "250m", mocktest.At(container(deployment), "resources", "requests", "cpu"))
	}
}

func TestTheClaimIsWhatTheConfigurationAsksFor(t *testing.T) {
	for _, claim := range built(t, production()).Each(t, claimType) {
		assert.Equal(t, "100Gi", claim.At("spec", "resources", "requests", "storage"))
		assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
		assert.True(t, claim.Protect)
	}
	for _, claim := range built(t, single()).Each(t, claimType) {
		assert.Nil(t, claim.At("spec", "storageClassName"))
		assert.False(t, claim.Protect)
	}
}

func TestAConfigurationThatCannotBeWrittenFailsTheRun(t *testing.T) {
	unwritable := errors.New("no such receiver")
	args := production()
	args.Config = func(string) (string, error) { return "", unwritable }
	_, _, err := try(args)
	require.ErrorIs(t, err, unwritable)
	assert.ErrorContains(t, err, "replica a")
}

func TestARetentionLeavesAFifthOfTheClaim(t *testing.T) {
	for storage, want := range map[string]int64{
		"100Gi": 85_899_345_920, "10G": 8_000_000_000, "1Ti": 879_609_302_200, "100": 80,
	} {
		got := prometheus.RetentionBytes(resource.MustParse(storage))
		assert.InDelta(t, want, got, 100, storage)
		assert.LessOrEqual(t, got, want, storage)
	}
}
