package drift

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// cluster serves the objects of a few kinds, and refuses to list others.
type cluster struct {
	objects []map[string]any
	refuses map[string]bool
	// read are the paths of the lists, and metadata those of which no content was asked for.
	read, metadata []string
}

// kindsServed are the kinds of the test's cluster: a resource, and whether it is namespaced.
var kindsServed = map[string]struct {
	group, version, kind string
	namespaced           bool
}{
	"namespaces":             {"", "v1", "Namespace", false},
	"services":               {"", "v1", "Service", true},
	"secrets":                {"", "v1", "Secret", true},
	"configmaps":             {"", "v1", "ConfigMap", true},
	"serviceaccounts":        {"", "v1", "ServiceAccount", true},
	"persistentvolumeclaims": {"", "v1", "PersistentVolumeClaim", true},
	"clusters":               {"postgresql.cnpg.io", "v1", "Cluster", true},
	"cronjobs":               {"batch", "v1", "CronJob", true},
	"jobs":                   {"batch", "v1", "Job", true},
	"deployments":            {"apps", "v1", "Deployment", true},
	"replicasets":            {"apps", "v1", "ReplicaSet", true},
	"networkpolicies":        {"networking.k8s.io", "v1", "NetworkPolicy", true},
	"rolebindings":           {"rbac.authorization.k8s.io", "v1", "RoleBinding", true},
	"clusterrolebindings":    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", false},
	"nodes":                  {"", "v1", "Node", false},
}

func (c *cluster) Read(_ context.Context, path string, answer any) error {
	c.read = append(c.read, path)
	at, _, _ := strings.Cut(path, "?")
	resource := at[strings.LastIndex(at, "/")+1:]
	if c.refuses[resource] {
		return apierrors.NewForbidden(schema.GroupResource{Resource: resource}, "", nil)
	}
	var items []any
	for _, one := range c.objects {
		if kindsServed[resource].kind == one["kind"] {
			items = append(items, one)
		}
	}
	return recode(map[string]any{"items": items}, answer)
}

func (c *cluster) ReadMetadata(ctx context.Context, path string, answer any) error {
	c.metadata = append(c.metadata, path)
	return c.Read(ctx, path, answer)
}

func (c *cluster) ReadDiscovery(_ context.Context, path string, answer any) error {
	groups := map[string][]any{}
	for resource, of := range kindsServed {
		scope := "Cluster"
		if of.namespaced {
			scope = "Namespaced"
		}
		groups[of.group] = append(groups[of.group], map[string]any{
			"resource": resource, "scope": scope, "verbs": []string{"list"},
			"responseKind": map[string]any{"group": of.group, "version": of.version, "kind": of.kind},
		})
	}
	var items []any
	for group, resources := range groups {
		if (group == "") == (path == "/api") {
			items = append(items, map[string]any{
				"metadata": map[string]any{"name": group},
				"versions": []any{map[string]any{"version": "v1", "resources": resources}},
			})
		}
	}
	return recode(map[string]any{"items": items}, answer)
}

func recode(from, to any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, to)
}

// objectsOf reads objects in YAML, one per document.
func objectsOf(t *testing.T, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for _, document := range strings.Split(text, "\n---\n") {
		encoded, err := yaml.YAMLToJSON([]byte(document))
		require.NoError(t, err)
		var object map[string]any
		require.NoError(t, unmarshal(encoded, &object))
		all = append(all, object)
	}
	return all
}

// manager is the field manager of the test's program.
const manager = "pulumi-kubernetes-068e53f7"

// stateOf is the state of a program with these objects, in the namespace shop.
func stateOf(objects ...map[string]any) *apitype.DeploymentV3 {
	state := &apitype.DeploymentV3{}
	for i, one := range objects {
		version, _ := one["apiVersion"].(string)
		group, only, two := strings.Cut(version, "/")
		if !two {
			group, only = "core", version
		}
		kind := fmt.Sprintf("kubernetes:%s/%s:%s", group, only, one["kind"])
		state.Resources = append(state.Resources, apitype.ResourceV3{
			URN:    urn.URN(fmt.Sprintf("urn:pulumi:shop::dreamseed::%s::object-%d", kind, i)),
			Custom: true, Inputs: one,
			Outputs: map[string]any{"__fieldManager": manager},
		})
		state.Resources[i].Type = state.Resources[i].URN.Type()
	}
	return state
}

// everythingRefreshed are the events of a refresh that found no difference.
func everythingRefreshed(state *apitype.DeploymentV3) []apitype.EngineEvent {
	var events []apitype.EngineEvent
	for _, one := range state.Resources {
		step := apitype.StepEventMetadata{
			Op: apitype.OpRefresh, URN: string(one.URN), New: &apitype.StepEventStateMetadata{},
		}
		events = append(events, apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step}},
			apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: step}})
	}
	return events
}

// look compares a program with a cluster.
func look(t *testing.T, made []map[string]any, of *cluster) *Report {
	t.Helper()
	state := stateOf(made...)
	report, err := Look(t.Context(), Sources{
		Stack: "shop", State: state, Cluster: of, Refreshed: everythingRefreshed(state),
	})
	require.NoError(t, err)
	return report
}

// found returns the findings that count, in words.
func found(report *Report) []string {
	all := []string{}
	for _, one := range report.attention() {
		all = append(all, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %s",
			one.Class, one.Change, one.Object, one.Path, one.By.Manager)), " "))
	}
	return all
}
