package operators_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/operator"
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
	decoder := yaml.NewDecoder(bytes.NewReader(of.Program.Manifests))
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
	assert.Equal(t, operator.Names(), slices.Sorted(slices.Values(names)))
}

func TestAnOperatorThatIsNotUsedIsNotBuilt(t *testing.T) {
	assert.Empty(t, operators.Components(nil))
	used := operators.Components([]operator.Name{operator.Traefik})
	require.Len(t, used, 1)
	assert.Equal(t, "traefik", used[0].Name)
}

func TestEveryOperatorBringsItsKindsAndItsRights(t *testing.T) {
	want := map[operator.Name][]string{
		operator.ArgoRollouts: {"ClusterRoleBinding"}, // Its role is in its module.
		operator.CertManager:  nil,
		operator.ECK: {
			"CustomResourceDefinition", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding",
		},
		operator.ExternalSecrets: {"Namespace", "ClusterRole", "ClusterRoleBinding"},
		operator.SealedSecrets:   {"Namespace", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"},
		operator.Traefik:         {"Namespace", "Service", "IngressClass", "ClusterRole", "ClusterRoleBinding"},
	}
	for _, one := range operators.All() {
		assert.NotEqual(t, one.IsStandIn(), len(one.Component.Assets.Paths) > 0, "%s carries its kinds", one.Name)
		var kinds []string
		for _, object := range objects(t, one) {
			kinds = append(kinds, object["kind"].(string))
		}
		assert.Equal(t, want[one.Name], kinds, one.Name)
	}
}

func TestNoOperatorIsAnAdministrator(t *testing.T) {
	for _, one := range operators.All() {
		assert.NotContains(t, string(one.Program.Manifests), "cluster-admin", one.Name)
	}
}

var addressFlag = regexp.MustCompile(`^--.*-addr=(.*)$`)

// listensByOtherMeans has the operators that no argument tells where to listen.
var listensByOtherMeans = []operator.Name{operator.ArgoRollouts, operator.Traefik}

func TestEveryOperatorListensOnLoopbackOnly(t *testing.T) {
	for _, one := range running(t) {
		if slices.Contains(listensByOtherMeans, one.Name) {
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
		assert.Contains(t, string(page), "`tools/operators/go.mod`: `"+one.Component.Version.Module+"`", one.Name)
	}
}
