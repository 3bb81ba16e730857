package grafana_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/monitoring/grafana"
)

const (
	componentType  = "dreamseed:monitoring:Grafana"
	accountType    = "kubernetes:core/v1:ServiceAccount"
	configMapType  = "kubernetes:core/v1:ConfigMap"
	deploymentType = "kubernetes:apps/v1:Deployment"
	serviceType    = "kubernetes:core/v1:Service"
)

func arguments() *grafana.Args {
	return &grafana.Args{
		Namespace: "dreamseed-monitoring", PrometheusURL: "http://prometheus.dreamseed-monitoring:9090",
		Dashboards: []dashboard.Dashboard{
			{UID: "overview", Title: "Overview", Folder: "Services", JSON: []byte(`{"uid":"overview"}`)},
			{UID: "nodes", Title: "Nodes", Folder: "Platform", JSON: []byte(`{"uid":"nodes"}`)},
			{UID: "auth", Title: "auth", Folder: "Services", JSON: []byte(`{"uid":"auth"}`)},
		},
		AdminSecret: "grafana-admin-password", AdminKey: "ADMIN_PASSWORD",
	}
}

// running registers a Grafana after a resource that stands for its Secret.
func running(args *grafana.Args) (*mocktest.Recording, *grafana.Grafana, error) {
	var made *grafana.Grafana
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		secret := &pulumi.CustomResourceState{}
		if err := ctx.RegisterResource("test:index:Secret", "password", nil, secret); err != nil {
			return err
		}
		args.After = []pulumi.Resource{secret}
		var err error
		made, err = grafana.New(ctx, "grafana", args)
		return err
	})
	return recording, made, err
}

func built(t *testing.T, args *grafana.Args) *mocktest.Recording {
	t.Helper()
	recording, _, err := running(args)
	require.NoError(t, err)
	return recording
}

func deployment(t *testing.T, args *grafana.Args) *mocktest.Resource {
	t.Helper()
	return built(t, args).Get(t, deploymentType, "grafana-deployment")
}

// inPod returns the value at a path of the pod's specification.
func inPod(of *mocktest.Resource, path ...any) any {
	return of.At(append([]any{"spec", "template", "spec"}, path...)...)
}

func inContainer(of *mocktest.Resource, path ...any) any {
	return inPod(of, append([]any{"containers", 0}, path...)...)
}

func checksum(of *mocktest.Resource) any {
	return of.At("spec", "template", "metadata", "annotations", "dreamseed.ai/provisioning")
}

// file returns a file of provisioning.
func file(t *testing.T, name string) map[string]any {
	t.Helper()
	text, _ := built(t, arguments()).Get(t, configMapType, "grafana-provisioning").At("data", name).(string)
	var content map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &content))
	return content
}

func TestEveryDashboardsDatasourceIsThePlatformsPrometheus(t *testing.T) {
	assert.Equal(t, map[string]any{
		"apiVersion": 1, "prune": true, "datasources": []any{map[string]any{
			"name": "Prometheus", "uid": dashboard.Datasource, "type": "prometheus", "access": "proxy",
			"url": "http://prometheus.dreamseed-monitoring:9090", "isDefault": true, "editable": false,
			"jsonData": map[string]any{"httpMethod": "POST"},
		}},
	}, file(t, "datasources.yaml"))
}

func TestNobodySavesIntoAProvisionedDashboard(t *testing.T) {
	assert.Equal(t, map[string]any{
		"apiVersion": 1, "providers": []any{map[string]any{
			"name": "platform", "type": "file", "allowUiUpdates": false, "updateIntervalSeconds": 30,
			"options": map[string]any{"path": "/etc/grafana/dashboards", "foldersFromFilesStructure": true},
		}},
	}, file(t, "dashboards.yaml"))
}

func TestAFolderIsADirectoryOfItsDashboards(t *testing.T) {
	recording := built(t, arguments())
	assert.Equal(t, map[string]any{"overview.json": `{"uid":"overview"}`, "auth.json": `{"uid":"auth"}`},
		recording.Get(t, configMapType, "grafana-dashboards-services").At("data"))
	assert.Equal(t, map[string]any{"nodes.json": `{"uid":"nodes"}`},
		recording.Get(t, configMapType, "grafana-dashboards-platform").At("data"))
	mounted := directories(recording.Get(t, deploymentType, "grafana-deployment"))
	assert.Equal(t, "grafana-dashboards-services", mounted["/etc/grafana/dashboards/Services"].At("configMap", "name"))
	assert.Equal(t, "grafana-dashboards-platform", mounted["/etc/grafana/dashboards/Platform"].At("configMap", "name"))
}

// volume is a volume of the pod.
type volume map[string]any

func (v volume) At(path ...any) any { return mocktest.At(map[string]any(v), path...) }

// directories returns the volumes by the directory at which they are mounted.
func directories(of *mocktest.Resource) map[string]volume {
	volumes := map[any]volume{}
	for _, one := range inPod(of, "volumes").([]any) {
		volumes[mocktest.At(one, "name")] = one.(map[string]any)
	}
	mounted := map[string]volume{}
	for _, one := range inContainer(of, "volumeMounts").([]any) {
		mounted[mocktest.At(one, "mountPath").(string)] = volumes[mocktest.At(one, "name")]
	}
	return mounted
}

func TestTheImagesOwnDirectoriesOfProvisioningStay(t *testing.T) {
	mounted := directories(deployment(t, arguments()))
	assert.NotContains(t, mounted, "/etc/grafana/provisioning")
	for kind, name := range map[string]string{"datasources": "datasources.yaml", "dashboards": "dashboards.yaml"} {
		one := mounted["/etc/grafana/provisioning/"+kind]
		require.NotNil(t, one, kind)
		assert.Equal(t, "grafana-provisioning", one.At("configMap", "name"))
		assert.Equal(t, []any{map[string]any{"key": name, "path": name}}, one.At("configMap", "items"), "and no other file")
	}
}

func TestAChangedDashboardReplacesNoPod(t *testing.T) {
	args := arguments()
	args.Dashboards[2].JSON = []byte(`{"uid":"auth","title":"changed"}`)
	changed := mocktest.Changed(built(t, arguments()), built(t, args))
	assert.Equal(t, []string{"grafana-dashboards-services"}, changed)
}

func TestAChangedDatasourceReplacesThePod(t *testing.T) {
	args := arguments()
	args.PrometheusURL = "http://another:9090"
	before, after := deployment(t, arguments()), deployment(t, args)
	require.NotEmpty(t, checksum(before))
	assert.NotEqual(t, checksum(before), checksum(after))
}

func TestThePasswordIsAFileAndNoVariable(t *testing.T) {
	of := deployment(t, arguments())
	secret := directories(of)["/etc/grafana/admin"]
	assert.Equal(t, "grafana-admin-password", secret.At("secret", "secretName"))
	assert.Equal(t, []any{map[string]any{"key": "ADMIN_PASSWORD", "path": "password"}}, secret.At("secret", "items"))
	assert.Equal(t, 0o440, secret.At("secret", "defaultMode"), "nobody else on the node reads it")
	set := settings(t, of)
	assert.Equal(t, "/etc/grafana/admin/password", set["GF_SECURITY_ADMIN_PASSWORD__FILE"])
	assert.NotContains(t, set, "GF_SECURITY_ADMIN_PASSWORD")
	of.AssertDependsOn(t, mocktest.Ref("test:index:Secret", "password"))
}

func settings(t *testing.T, of *mocktest.Resource) map[string]any {
	t.Helper()
	set := map[string]any{}
	for _, one := range inContainer(of, "env").([]any) {
		set[mocktest.At(one, "name").(string)] = mocktest.At(one, "value")
	}
	require.NotEmpty(t, set)
	return set
}

func TestNobodySeesAnythingWithoutAnAccount(t *testing.T) {
	set := settings(t, deployment(t, arguments()))
	assert.Equal(t, "false", set["GF_AUTH_ANONYMOUS_ENABLED"])
	assert.Equal(t, "false", set["GF_USERS_ALLOW_SIGN_UP"])
}

func TestNothingLeavesTheCluster(t *testing.T) {
	set := settings(t, deployment(t, arguments()))
	for setting, want := range map[string]string{
		"GF_ANALYTICS_REPORTING_ENABLED": "false", "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
		"GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false", "GF_NEWS_NEWS_FEED_ENABLED": "false",
		"GF_PLUGINS_PREINSTALL_DISABLED": "true", "GF_SECURITY_DISABLE_GRAVATAR": "true",
		"GF_SNAPSHOTS_EXTERNAL_ENABLED": "false",
	} {
		assert.Equal(t, want, set[setting], setting)
	}
}

func TestTheFirstDashboardIsTheFirstThatAUserSees(t *testing.T) {
	set := settings(t, deployment(t, arguments()))
	assert.Equal(t, "/etc/grafana/dashboards/Services/overview.json", set["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
}

func TestNothingIsWrittenButWhatGoesWithThePod(t *testing.T) {
	of := deployment(t, arguments())
	assert.Equal(t, true, inContainer(of, "securityContext", "readOnlyRootFilesystem"))
	var writable []string
	mounted := directories(of)
	for _, one := range inContainer(of, "volumeMounts").([]any) {
		if mocktest.At(one, "readOnly") != true {
			at := mocktest.At(one, "mountPath").(string)
			writable = append(writable, at)
			assert.NotNil(t, mounted[at].At("emptyDir", "sizeLimit"), "%s is bounded, and gone with the pod", at)
		}
	}
	assert.ElementsMatch(t, []string{"/var/lib/grafana", "/tmp"}, writable)
	for _, setting := range []string{"GF_PATHS_DATA", "GF_PATHS_LOGS", "GF_PATHS_PLUGINS"} {
		assert.Contains(t, settings(t, of)[setting], "/var/lib/grafana", setting)
	}
}

// Two that evaluate the same rules would notify twice.
func TestAlertsAreLeftToPrometheus(t *testing.T) {
	assert.Equal(t, "false", settings(t, deployment(t, arguments()))["GF_UNIFIED_ALERTING_ENABLED"])
}

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
func TestThePodIsRestricted(t *testing.T) {
	of := deployment(t, arguments())
	assert.Equal(t, map[string]any{
		"runAsNonRoot": true, "runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001,
		"seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}, inPod(of, "securityContext"))
	assert.Equal(t, map[string]any{
		"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
		"capabilities": map[string]any{"drop": []any{"ALL"}},
	}, inContainer(of, "securityContext"))
}

func TestThePodHasNoRightsInTheCluster(t *testing.T) {
	recording := built(t, arguments())
	account := recording.Get(t, accountType, "grafana-account")
	of := recording.Get(t, deploymentType, "grafana-deployment")
	assert.Equal(t, account.At("metadata", "name"), inPod(of, "serviceAccountName"))
	assert.Equal(t, false, account.At("automountServiceAccountToken"))
	assert.Equal(t, false, inPod(of, "automountServiceAccountToken"))
}

func TestThePodIsBounded(t *testing.T) {
	of := deployment(t, arguments())
	for _, kind := range []string{"requests", "limits"} {
		for _, resource := range []string{"cpu", "memory", "ephemeral-storage"} {
			assert.NotEmpty(t, inContainer(of, "resources", kind, resource), "%s of %s", kind, resource)
		}
	}
}

func TestThePodIsAskedForItsHealth(t *testing.T) {
	of := deployment(t, arguments())
	for probe, path := range map[string]string{
		"startupProbe": "/api/health", "readinessProbe": "/api/health", "livenessProbe": "/healthz",
	} {
		assert.Equal(t, map[string]any{"path": path, "port": "http"}, inContainer(of, probe, "httpGet"), probe)
	}
	assert.Equal(t, []any{map[string]any{"name": "http", "containerPort": grafana.Port, "protocol": "TCP"}},
		inContainer(of, "ports"))
}

func TestTheImageIsAnExactRelease(t *testing.T) {
	assert.Regexp(t, `^docker\.io/grafana/grafana:12\.\d+\.\d+$`, inContainer(deployment(t, arguments()), "image"))
}

func TestAChangeLeavesNobodyWithoutGrafana(t *testing.T) {
	of := deployment(t, arguments())
	assert.Equal(t, 1, of.At("spec", "replicas"))
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxUnavailable": 0, "maxSurge": 1},
	}, of.At("spec", "strategy"))
	assert.Contains(t, of.At("metadata", "annotations"), "pulumi.com/waitFor", "the new pod is awaited")
}

func TestTheServiceLeadsToThePod(t *testing.T) {
	recording, made, err := running(arguments())
	require.NoError(t, err)
	service := recording.Get(t, serviceType, "grafana-service")
	pod := recording.Get(t, deploymentType, "grafana-deployment").At("spec", "template", "metadata", "labels")
	selected := service.At("spec", "selector").(map[string]any)
	require.NotEmpty(t, selected)
	for label, value := range selected {
		assert.Equal(t, value, mocktest.At(pod, label), label)
	}
	assert.Equal(t, "grafana", service.At("metadata", "name"))
	assert.Equal(t, []any{map[string]any{"name": "http", "port": 3000, "targetPort": "http", "protocol": "TCP"}},
		service.At("spec", "ports"))
	assert.Equal(t, "http://grafana.dreamseed-monitoring.svc.cluster.local:3000", made.URL)
	assert.Len(t, made.Objects, 2)
}

func TestTheObjectsBelongToTheComponent(t *testing.T) {
	recording := built(t, arguments())
	component := recording.Get(t, componentType, "grafana")
	assert.Len(t, recording.Children(component), 6)
	recording.AssertParents(t, "grafana", "password")
}

func TestAFolderThatFitsIntoNoConfigMapIsRefused(t *testing.T) {
	args := arguments()
	args.Dashboards[0].JSON = []byte(strings.Repeat("x", 600<<10))
	built(t, args)
	args.Dashboards[2].JSON = args.Dashboards[0].JSON
	_, _, err := running(args)
	require.ErrorContains(t, err, "folder Services")
}

func TestTwoDashboardsOfOneUIDAreRefused(t *testing.T) {
	args := arguments()
	args.Dashboards[2].UID = "overview"
	_, _, err := running(args)
	assert.ErrorContains(t, err, "have the uid overview")
}

func TestThePlatformsDashboardsFit(t *testing.T) {
	all, err := dashboard.All(dashboard.Args{
		ServicesNamespace: "dreamseed", MonitoringNamespace: "dreamseed-monitoring",
		Services: []dashboard.Service{{Workload: "auth-service"}},
	})
	require.NoError(t, err)
	args := arguments()
	args.Dashboards = all
	built(t, args)
}
