package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	"sigs.k8s.io/yaml"
)

// with returns the stand-in beside an API server with these objects.
func with(t *testing.T, manifests ...string) *instances {
	t.Helper()
	kinds := map[schema.GroupVersionResource]string{
		clusters: "ClusterList", databases: "DatabaseList", roles: "DatabaseRoleList", pods: "PodList", secrets: "SecretList",
	}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), kinds)
	of := map[string]schema.GroupVersionResource{
		"Cluster": clusters, "Database": databases, "DatabaseRole": roles, "Pod": pods, "Secret": secrets,
	}
	for _, text := range manifests {
		var one unstructured.Unstructured
		require.NoError(t, yaml.Unmarshal([]byte(text), &one.Object), text)
		one.SetNamespace("shop")
		require.NoError(t, client.Tracker().Create(of[one.GetKind()], &one, "shop"))
	}
	return newInstances(api{client})
}

// looked lets the stand-in look often enough for all that it has to do.
func looked(t *testing.T, i *instances) {
	t.Helper()
	for range 3 {
		require.NoError(t, i.look(t.Context()))
	}
}

func read[T any](t *testing.T, i *instances, of schema.GroupVersionResource, name string) T {
	t.Helper()
	one, err := get[T](context.Background(), i.api, of, "shop", name)
	require.NoError(t, err)
	return one
}

const (
	led = `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: postgres}
spec: {bootstrap: {initdb: {owner: app}}}
status: {currentPrimary: postgres-1, targetPrimary: postgres-1, cloudNativePGOperatorHash: the operator's}
`
	first = `
apiVersion: v1
kind: Pod
metadata: {name: postgres-1, uid: one, labels: {cnpg.io/cluster: postgres, cnpg.io/podRole: instance}}
status: {podIP: 10.244.0.5, conditions: [{type: Ready, status: "True"}]}
`
	second = `
apiVersion: v1
kind: Pod
metadata: {name: postgres-2, uid: two, labels: {cnpg.io/cluster: postgres, cnpg.io/podRole: instance}}
status: {podIP: 10.244.0.6, conditions: [{type: Ready, status: "True"}]}
`
	starting = `
apiVersion: v1
kind: Pod
metadata: {name: postgres-2, uid: two, labels: {cnpg.io/cluster: postgres, cnpg.io/podRole: instance}}
status: {podIP: 10.244.0.6, conditions: [{type: Ready, status: "False"}]}
`
	ofAnother = `
apiVersion: v1
kind: Pod
metadata: {name: postgres-2, uid: three, labels: {cnpg.io/cluster: other, cnpg.io/podRole: instance}}
status: {podIP: 10.244.0.7, conditions: [{type: Ready, status: "True"}]}
`
	switched = `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: postgres}
status: {currentPrimary: postgres-1, targetPrimary: postgres-2}
`
)

func TestTheChosenInstanceLeadsOnceItRuns(t *testing.T) {
	tests := map[string]struct {
		pod, want, reason string
	}{
		"runs":       {second, "postgres-2", "the operator chose it"},
		"starts":     {starting, "postgres-1", "PostgreSQL does not answer yet"},
		"is another": {ofAnother, "postgres-1", "it is a pod of another cluster"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i := with(t, switched, first, test.pod)
			looked(t, i)
			assert.Equal(t, test.want, read[cluster](t, i, clusters, "postgres").Status.CurrentPrimary, test.reason)
		})
	}
}

func TestAPrimaryIsRestartedInItsPod(t *testing.T) {
	i := with(t, `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: postgres}
spec: {postgresql: {parameters: {max_connections: "300"}}}
status:
  currentPrimary: postgres-1
  targetPrimary: postgres-1
  phase: Primary instance is being restarted in-place
  conditions: [{type: Ready, status: "False", reason: ClusterIsNotReady, message: "", lastTransitionTime: null}]
`, first)
	i.read("one", "what it read before")
	looked(t, i)
	after := read[cluster](t, i, clusters, "postgres")
	assert.Equal(t, "Cluster in healthy state", after.Status.Phase)
	require.Len(t, after.Status.Conditions, 1)
	assert.Equal(t, metav1.ConditionTrue, after.Status.Conditions[0].Status)
	settings, _ := i.settings("one")
	assert.Equal(t, after.atStart(), settings, "no restart is pending any more")
}

func TestAnInstanceThatIsGoneIsForgotten(t *testing.T) {
	i := with(t, led, first)
	i.read("before", "x")
	looked(t, i)
	_, known := i.settings("before")
	assert.False(t, known)
	_, known = i.settings("one")
	assert.True(t, known, "the control")
}

func TestAParameterIsReadWhenItIsSetOrAtTheNextStart(t *testing.T) {
	var before cluster
	before.Spec.PostgreSQL.Parameters = map[string]string{"max_connections": "200", "work_mem": "4MB"}
	tests := map[string]struct {
		change           func(*cluster)
		loaded, restarts bool
	}{
		"nothing":       {func(*cluster) {}, false, false},
		"at once":       {func(c *cluster) { c.Spec.PostgreSQL.Parameters["work_mem"] = "8MB" }, true, false},
		"access rules":  {func(c *cluster) { c.Spec.PostgreSQL.HBA = []string{"host all all all reject"} }, true, false},
		"by a restart":  {func(c *cluster) { c.Spec.PostgreSQL.Parameters["max_connections"] = "300" }, true, true},
		"none of these": {func(c *cluster) { c.Spec.Bootstrap.InitDB.Owner = "app" }, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var after cluster
			after.Spec.PostgreSQL.Parameters = map[string]string{"max_connections": "200", "work_mem": "4MB"}
			test.change(&after)
			assert.Equal(t, test.loaded, before.loaded() != after.loaded())
			assert.Equal(t, test.restarts, before.atStart() != after.atStart())
		})
	}
}

func TestAStatusIsThatOfItsInstance(t *testing.T) {
	var of cluster
	of.Status.CurrentPrimary, of.Status.OperatorHash = "postgres-1", "the operator's"
	primary, replica := &instance{}, &instance{}
	primary.Name, replica.Name = "postgres-1", "postgres-2"

	told := statusOf(primary, of, of.atStart(), true)
	assert.True(t, told.IsPrimary)
	assert.False(t, told.IsWALReceiverActive)
	assert.False(t, told.PendingRestart)
	assert.Equal(t, "the operator's", told.ExecutableHash, "or it would be updated")

	told = statusOf(replica, of, "others", true)
	assert.False(t, told.IsPrimary)
	assert.True(t, told.IsWALReceiverActive)
	assert.True(t, told.PendingRestart)

	told = statusOf(replica, of, of.atStart(), false)
	assert.False(t, told.IsWALReceiverActive, "nothing is sent: otherwise no replica could be promoted")
}
