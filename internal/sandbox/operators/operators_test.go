package operators_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// get returns an operator of the sandbox.
func get(t *testing.T, name operator.Name) operators.Operator {
	t.Helper()
	all := operators.All()
	at := slices.IndexFunc(all, func(one operators.Operator) bool { return one.Name == name })
	require.GreaterOrEqual(t, at, 0, "%s is not listed", name)
	return all[at]
}

// named returns a program of an operator.
func named(t *testing.T, program string) operators.Operator {
	t.Helper()
	all := operators.All()
	at := slices.IndexFunc(all, func(one operators.Operator) bool { return one.Program.Name == program })
	require.GreaterOrEqual(t, at, 0, "%s is not listed", program)
	return all[at]
}

// instance returns an operator's program in a control plane.
func instance(of operators.Operator) controlplane.Instance {
	ports := map[string]int{of.Program.Name: 40000}
	for i, port := range of.Program.Ports {
		ports[port] = 40001 + i
	}
	return controlplane.Instance{
		Kubeconfig: "/sandbox/kubeconfig", SettingsFile: "/sandbox/settings", Ports: ports, Namespaces: []string{"shop"},
	}
}

// running returns the operators that have a process.
func running(t *testing.T) []operators.Operator {
	t.Helper()
	found := slices.DeleteFunc(operators.All(), func(one operators.Operator) bool { return one.Program.Arguments == nil })
	require.NotEmpty(t, found)
	return found
}

// objects returns the objects that the sandbox itself adds for an operator.
func objects(t *testing.T, of operators.Operator) []map[string]any {
	t.Helper()
	return documents(t, of.Program.Manifests)
}

// documents returns the objects in a text of YAML.
func documents(t *testing.T, text []byte) []map[string]any {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var all []map[string]any
	for {
		var one map[string]any
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, one)
	}
}

func TestTheSandboxHasEveryOperator(t *testing.T) {
	var names []operator.Name
	for _, one := range operators.All() {
		names = append(names, one.Name)
	}
	assert.Equal(t, operator.Names(), slices.Compact(slices.Sorted(slices.Values(names))))
}

func TestAnOperatorThatIsNotUsedIsNotBuilt(t *testing.T) {
	assert.Empty(t, operators.Components(nil))
	used := operators.Components([]operator.Name{operator.Traefik})
	require.Len(t, used, 1)
	assert.Equal(t, "traefik", used[0].Name)
}

func TestEveryOperatorBringsItsKindsAndItsRights(t *testing.T) {
	want := map[string][]string{
		"argo-rollouts":  {"ClusterRoleBinding"}, // Its role is in its module.
		"cert-manager":   nil,
		"cloudnative-pg": {"Namespace", "ClusterRoleBinding"}, // Its role is in its module.
		// Its kinds come with cloudnative-pg.
		"cloudnative-pg-instances": {"ClusterRole", "ClusterRoleBinding"},
		// Stand-ins bring stand-ins of their kinds.
		"eck":              {"CustomResourceDefinition", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"},
		"external-secrets": {"Namespace", "ClusterRole", "ClusterRoleBinding"},
		"keda":             {"Namespace", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"},
		// Its kinds come with keda.
		"keda-metrics-apiserver": {
			"Service", "RoleBinding", "ClusterRoleBinding", "ClusterRole", "ClusterRoleBinding",
		},
		"sealed-secrets": {"Namespace", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"},
		"strimzi": {
			"CustomResourceDefinition", "CustomResourceDefinition", "CustomResourceDefinition", "CustomResourceDefinition",
			"ClusterRole", "ClusterRoleBinding",
		},
		"traefik": {"Namespace", "Service", "IngressClass", "ClusterRole", "ClusterRoleBinding"},
	}
	for _, one := range operators.All() {
		carries := one.Program.Name != "keda-metrics-apiserver" && !one.IsStandIn()
		assert.Equal(t, carries, len(one.Component.Assets.Paths) > 0, "%s carries its kinds", one.Program.Name)
		var kinds []string
		for _, object := range objects(t, one) {
			kinds = append(kinds, object["kind"].(string))
		}
		assert.Equal(t, want[one.Program.Name], kinds, one.Program.Name)
	}
}

func TestNoOperatorIsAnAdministrator(t *testing.T) {
	for _, one := range operators.All() {
		assert.NotContains(t, string(one.Program.Manifests), "cluster-admin", one.Name)
	}
}

var addressFlag = regexp.MustCompile(`^--.*-addr(?:ess)?=(.*)$`)

// listensByOtherMeans has the programs that no argument tells where to listen.
var listensByOtherMeans = []string{"argo-rollouts", "traefik", "keda-metrics-apiserver", "cloudnative-pg"}

func TestEveryOperatorListensOnLoopbackOnly(t *testing.T) {
	for _, one := range running(t) {
		if slices.Contains(listensByOtherMeans, one.Program.Name) {
			continue
		}
		found := 0
		for _, argument := range one.Program.Arguments(instance(one)) {
			if match := addressFlag.FindStringSubmatch(argument); match != nil {
				found++
				assert.True(t, strings.HasPrefix(match[1], "127.0.0.1:4"), "%s %s", one.Name, argument)
			}
		}
		assert.Equal(t, 1+len(one.Program.Ports), found, "%s has an address for each port", one.Name)
	}
}

func TestArgoRolloutsIsBuiltToListenOnLoopbackOnly(t *testing.T) {
	edits := get(t, operator.ArgoRollouts).Component.Source.Edits
	require.Len(t, edits, 1, "it has no flag for its address")
	assert.Contains(t, edits[0].New, "127.0.0.1")
}

func TestTheServerOfKEDAsMetricsListensOnLoopbackOnly(t *testing.T) {
	server := named(t, "keda-metrics-apiserver")
	assert.Contains(t, server.Program.Arguments(instance(server)), "--bind-address=127.0.0.1")
	edits := server.Component.Source.Edits
	assert.Contains(t, edits[len(edits)-1].New, "127.0.0.1", "it has no flag for the address of its own metrics")
}

func TestCloudNativePGListensOnLoopbackOnly(t *testing.T) {
	one := named(t, "cloudnative-pg")
	it := instance(one)
	assert.Contains(t, one.Program.Arguments(it), "--metrics-bind-address="+it.Address("cloudnative-pg-metrics"))
	assert.Contains(t, one.Program.Arguments(it), "--webhook-port="+it.Port("cloudnative-pg"))
	host := slices.IndexFunc(one.Component.Changed.Edits, func(edit components.Edit) bool {
		return strings.Contains(edit.New, `Host:    "127.0.0.1"`) && strings.Contains(edit.Old, "Port:    port")
	})
	assert.GreaterOrEqual(t, host, 0, "it has no flag for the address of its webhooks")
}

// Its release runs the clusters of the services' namespace alone, and updates the program in their pods in place.
func TestCloudNativePGIsToldHereWhatItsReleaseTellsIt(t *testing.T) {
	one := named(t, "cloudnative-pg")
	it := instance(one)
	it.Namespaces = []string{charttest.Services}
	told := one.Program.Environment(it)
	values := charttest.Values(t, charttest.Registered(t, operator.CloudNativePG))
	settings := mocktest.At(values, "config", "data").(map[string]any)
	require.NotEmpty(t, settings)
	for name, value := range settings {
		assert.Contains(t, told, name+"="+value.(string))
	}
}

// The controller asks the one program for the state of each pod.
func TestCloudNativePGAsksTheStandInForTheStateOfItsPods(t *testing.T) {
	controller, standIn := named(t, "cloudnative-pg"), named(t, "cloudnative-pg-instances")
	it := instance(standIn)
	address := it.Address("cloudnative-pg-instances-status")
	assert.Contains(t, standIn.Program.Arguments(it), "--status-addr="+address)
	assert.Contains(t, controller.Program.Environment(it), "INSTANCES_ADDRESS="+address)
	var source string
	for _, edit := range controller.Component.Changed.Edits {
		source += edit.New
	}
	assert.Contains(t, source, `os.Getenv("INSTANCES_ADDRESS")`)
}

// What a webhook refuses here is refused in a real environment, too: these are those of the release, by its own
// manifests, for the kinds that the platform makes.
func TestTheWebhooksOfCloudNativePGAreThoseOfItsRelease(t *testing.T) {
	folder, _, err := operators.Source(t.Context(), charttest.Project(t), operator.CloudNativePG)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(folder, "config", "webhook", "manifests.yaml"))
	require.NoError(t, err)
	released := map[string]string{}
	for _, one := range documents(t, text) {
		for i := range one["webhooks"].([]any) {
			hook := mocktest.At(one, "webhooks", i)
			released[mocktest.At(hook, "name").(string)] = fmt.Sprintf("%v %v %v %v", one["kind"],
				mocktest.At(hook, "clientConfig", "service", "path"), mocktest.At(hook, "rules", 0, "resources", 0),
				mocktest.At(hook, "rules", 0, "operations"))
		}
	}
	hooks := named(t, "cloudnative-pg").Program.Webhooks
	require.Len(t, hooks, 4)
	for _, hook := range hooks {
		assert.Equal(t, released[hook.Name], fmt.Sprintf("%sWebhookConfiguration %s %s [CREATE UPDATE]",
			hook.Does, hook.Path, hook.Resource), hook.Name)
	}
}

// Its release watches the services' namespace alone.
func TestKEDAScalesTheServicesAlone(t *testing.T) {
	for _, name := range []string{"keda", "keda-metrics-apiserver"} {
		one := named(t, name)
		assert.Contains(t, one.Program.Environment(instance(one)), "WATCH_NAMESPACE=shop", name)
	}
}

// Both programs of KEDA run or neither does: the one answers with what the other read.
func TestAnOperatorsProgramsRunTogether(t *testing.T) {
	assert.Equal(t, []string{"keda", "keda-metrics-apiserver"}, operators.ProgramsOf([]operator.Name{operator.KEDA}))
	var built []string
	for _, one := range operators.Components([]operator.Name{operator.KEDA}) {
		built = append(built, one.Name)
	}
	assert.Equal(t, []string{"keda", "keda-metrics-apiserver"}, built)
}

func TestEveryOperatorIsAClientWithItsOwnKubeconfig(t *testing.T) {
	for _, one := range running(t) {
		told := one.Program.Arguments(instance(one))
		if one.Program.Environment != nil {
			told = append(told, one.Program.Environment(instance(one))...)
		}
		assert.Contains(t, strings.Join(told, " "), instance(one).Kubeconfig, one.Name)
	}
}

// An analysis asks the Prometheus of the stack by the name of its Service.
func TestArgoRolloutsReachesThePods(t *testing.T) {
	rollouts := get(t, operator.ArgoRollouts)
	it := instance(rollouts)
	assert.Empty(t, rollouts.Program.Environment(it))
	it.Proxy = "http://127.0.0.1:40009"
	assert.Equal(t, []string{"HTTP_PROXY=http://127.0.0.1:40009"}, rollouts.Program.Environment(it))
}

func TestThePageOfVersionsHasEveryOperator(t *testing.T) {
	page, err := os.ReadFile("../../../docs/versions.md")
	require.NoError(t, err)
	for _, one := range operators.All() {
		if one.IsStandIn() {
			continue // it has the version of this repository
		}
		pinned := "`" + one.Component.Module + "/go.mod`: `" + one.Component.Version.Module + "`"
		assert.Contains(t, string(page), pinned, one.Name)
	}
}
