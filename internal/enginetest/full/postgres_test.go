package full

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// postgresPlane is a control plane beside which the operator of PostgreSQL runs.
type postgresPlane struct{ livePlane }

// in runs a subtest with the same control plane.
func (p postgresPlane) in(t *testing.T, name string, test func(postgresPlane)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { test(postgresPlane{livePlane{p.ControlPlane, t}}) })
}

// TestPostgresIsRunByItsRealOperator lets the real CloudNativePG run clusters whose pods are simulated: its decisions
// are real, and no PostgreSQL runs.
func TestPostgresIsRunByItsRealOperator(t *testing.T) {
	t.Parallel()
	plane := newPostgresPlane(t)
	spec := controlplane.Spec{
		Namespaces: []string{"shop"}, StorageClasses: []string{controlplane.DefaultStorageClass},
		Programs: operators.ProgramsOf([]operator.Name{operator.CloudNativePG}),
	}
	for _, name := range []string{"one", "two", "three"} {
		spec.Nodes = append(spec.Nodes, controlplane.Node{Name: name, CPU: "8", Memory: "32Gi"})
	}
	t.Cleanup(func() { assert.NoError(t, plane.Stop(context.Background())) })
	require.NoError(t, plane.Start(t.Context(), spec, os.Stderr))

	plane.apply(databases)
	plane.in(t, "sockets", func(p postgresPlane) { p.listensOnLoopback(spec.Programs) })
	plane.in(t, "ready", postgresPlane.becomesReady)
	plane.in(t, "applied", postgresPlane.appliesRolesAndDatabases)
	plane.in(t, "rotation", postgresPlane.setsAnotherPassword)
	plane.in(t, "parameter", postgresPlane.rollsForAParameter)
	plane.in(t, "refusals", postgresPlane.refusesWhatWouldLoseData)
	plane.in(t, "drain", postgresPlane.switchesOverBeforeItsNodeGoes)
	plane.in(t, "one instance", postgresPlane.isInTheWayOfADrainByItsBudgetAlone)
	plane.in(t, "deletion", postgresPlane.letsGo)

	spec.Programs = nil
	require.NoError(t, plane.Start(t.Context(), spec, os.Stderr))
	assert.NotContains(t, plane.kubectl("get", "mutatingwebhookconfigurations,validatingwebhookconfigurations",
		"--output=name"), "cnpg.io", "nobody would answer")
}

func newPostgresPlane(t *testing.T) postgresPlane {
	t.Helper()
	l := local.Layout
	needed := slices.Concat(components.Always(), operators.Components([]operator.Name{operator.CloudNativePG}))
	require.NoError(t, components.Build(t.Context(), l, needed, os.Stderr))
	l.Stacks = t.TempDir()
	return postgresPlane{livePlane{controlplane.New(l, l.Stack("postgres"), operators.Programs()...), t}}
}

// field returns a field of an object in the namespace.
func (p postgresPlane) field(kind, name, path string) string {
	p.t.Helper()
	return p.kubectl("get", kind, name, "--namespace=shop", "--output=jsonpath="+path)
}

// isHealthy waits until a cluster has as many ready instances as it should, and no change is under way.
func (p postgresPlane) isHealthy(cluster, instances string) {
	p.t.Helper()
	p.becomes("cluster", cluster, "{.status.phase} {.status.readyInstances}", "Cluster in healthy state "+instances)
	p.becomes("cluster", cluster, `{.status.conditions[?(@.type=="Ready")].status}`, "True")
}

func (p postgresPlane) becomesReady() {
	p.isHealthy("postgres", "3")
	assert.Equal(p.t, "postgres-1", p.field("cluster", "postgres", "{.status.currentPrimary}"))
	assert.Equal(p.t, "Bound Bound Bound", p.kubectl("get", "persistentvolumeclaims", "--namespace=shop",
		"--selector=cnpg.io/cluster=postgres", "--output=jsonpath={.items[*].status.phase}"))
	assert.Equal(p.t, "restricted", p.kubectl("get", "namespace", "shop",
		`--output=jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`), "the control: the pods were admitted")
}

func (p postgresPlane) appliesRolesAndDatabases() {
	p.becomes("databaserole", "auth", "{.status.applied} {.status.observedGeneration}", "true 1")
	p.becomes("database", "auth", "{.status.applied} {.status.observedGeneration}", "true 1")
	p.becomes("database", "orphan", "{.status.applied} {.status.message}", `false role "nobody" does not exist`)
}

// setsAnotherPassword deletes a Secret and waits for the new one to be used.
func (p postgresPlane) setsAnotherPassword() {
	const used = "{.status.secretResourceVersion}"
	before := p.field("databaserole", "auth", used)
	require.Equal(p.t, before, p.field("secret", "auth-database-url", "{.metadata.resourceVersion}"))
	p.kubectl("delete", "secret", "auth-database-url", "--namespace=shop")
	p.apply(strings.ReplaceAll(password, "first", "second"))
	after := p.field("secret", "auth-database-url", "{.metadata.resourceVersion}")
	require.NotEqual(p.t, before, after)
	p.becomes("databaserole", "auth", used+" {.status.applied}", after+" true")
}

// rollsForAParameter changes a parameter that only a restart changes: the replicas get new pods, one after the other,
// and the primary is restarted in its pod.
func (p postgresPlane) rollsForAParameter() {
	const uid = "{.metadata.uid}"
	before := map[string]string{}
	for _, name := range []string{"postgres-1", "postgres-2", "postgres-3"} {
		before[name] = p.field("pod", name, uid)
	}
	p.change("cluster", "postgres", `{"spec":{"postgresql":{"parameters":{"max_connections":"300"}}}}`)
	require.EventuallyWithT(p.t, func(c *assert.CollectT) {
		for _, name := range []string{"postgres-2", "postgres-3"} {
			now, err := p.Kubectl(p.t.Context(), nil, "get", "pod", name, "--namespace=shop", "--output=jsonpath="+uid)
			assert.NoError(c, err)
			assert.NotEqual(c, before[name], string(now), name)
		}
	}, testbed.Patience, time.Second)
	p.isHealthy("postgres", "3")
	p.becomes("cluster", "postgres", "{.status.phaseReason}", "")
	assert.Equal(p.t, before["postgres-1"], p.field("pod", "postgres-1", uid))
	assert.Equal(p.t, "postgres-1", p.field("cluster", "postgres", "{.status.currentPrimary}"))
}

func (p postgresPlane) refusesWhatWouldLoseData() {
	for change, says := range map[string]string{
		`{"spec":{"storage":{"size":"5Gi"}}}`:                           "can't shrink existing storage",
		`{"spec":{"instances":0}}`:                                      "should be greater than or equal to 1",
		`{"spec":{"imageName":"registry.example.com/postgresql:16.1"}}`: "can't downgrade from major 18 to 16",
		`{"spec":{"postgresql":{"parameters":{"port":"1"}}}}`:           "Can't set fixed configuration parameter",
	} {
		printed, err := p.tryChange("cluster", "postgres", change)
		require.Error(p.t, err, change)
		assert.Contains(p.t, printed, says, change)
	}
	_, err := p.tryChange("database", "auth", `{"spec":{"name":"other"}}`)
	require.ErrorContains(p.t, err, "name is immutable")
	_, err = p.tryChange("databaserole", "auth", `{"spec":{"name":"other"}}`)
	require.ErrorContains(p.t, err, "name is immutable")
}

// switchesOverBeforeItsNodeGoes drains the node of the primary: the operator sees that nothing can be scheduled there
// any more, and another instance leads before the first one is evicted.
func (p postgresPlane) switchesOverBeforeItsNodeGoes() {
	primary := p.field("cluster", "postgres", "{.status.currentPrimary}")
	node := p.field("pod", primary, "{.spec.nodeName}")
	printed, err := p.drain(node, "postgres", "90s")
	require.NoError(p.t, err, printed)
	assert.Contains(p.t, printed, "pod/"+primary+" evicted")
	assert.NotEqual(p.t, primary, p.field("cluster", "postgres", "{.status.currentPrimary}"))
	p.isHealthy("postgres", "3")
	assert.NotEqual(p.t, node, p.field("pod", primary, "{.spec.nodeName}"), "its pod is elsewhere")
	p.kubectl("uncordon", node)
}

// isInTheWayOfADrainByItsBudgetAlone drains the node of a single instance.
func (p postgresPlane) isInTheWayOfADrainByItsBudgetAlone() {
	p.apply(alone)
	p.isHealthy("alone", "1")
	node := p.field("pod", "alone-1", "{.spec.nodeName}")
	printed, err := p.drain(node, "alone", "5s")
	require.Error(p.t, err, printed)
	require.ErrorContains(p.t, err, "would violate the pod's disruption budget")

	p.change("cluster", "alone", `{"spec":{"enablePDB":false}}`)
	printed, err = p.drain(node, "alone", "60s")
	require.NoError(p.t, err, printed)
	p.isHealthy("alone", "1")
	assert.NotEqual(p.t, node, p.field("pod", "alone-1", "{.spec.nodeName}"))
	p.kubectl("uncordon", node)
}

// letsGo deletes what holds data: nothing waits for anybody.
func (p postgresPlane) letsGo() {
	p.kubectl("delete", "database,databaserole", "auth", "--namespace=shop", "--timeout=60s")
	p.kubectl("delete", "cluster", "--all", "--namespace=shop", "--timeout=60s")
	p.kubectl("delete", "namespace", "shop", "--timeout=60s")
}

// drain evicts the pods of one cluster from a node.
func (p postgresPlane) drain(node, cluster, timeout string) (string, error) {
	printed, err := p.Kubectl(p.t.Context(), nil, "drain", node, "--pod-selector=cnpg.io/cluster="+cluster,
		"--delete-emptydir-data", "--force", "--timeout="+timeout)
	return string(printed), err
}

func (p postgresPlane) change(kind, name, patch string) {
	p.t.Helper()
	_, err := p.tryChange(kind, name, patch)
	require.NoError(p.t, err)
}

func (p postgresPlane) tryChange(kind, name, patch string) (string, error) {
	printed, err := p.Kubectl(p.t.Context(), nil, "patch", kind, name, "--namespace=shop", "--type=merge",
		"--patch="+patch)
	if err != nil {
		return string(printed) + err.Error(), err
	}
	return string(printed), nil
}

const password = `
apiVersion: v1
kind: Secret
metadata: {name: auth-database-url, namespace: shop, labels: {cnpg.io/reload: "true"}}
type: kubernetes.io/basic-auth
stringData: {username: auth, password: the-first-of-its-passwords}
`

// databases are a cluster with the role and the database of a service, and a database whose owner does not exist.
const databases = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---` + password + `---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: postgres, namespace: shop}
spec:
  instances: 3
  imageName: registry.example.com/postgresql:18.1
  storage: {size: 10Gi}
  postgresql: {parameters: {max_connections: "200"}}
---
apiVersion: postgresql.cnpg.io/v1
kind: DatabaseRole
metadata: {name: auth, namespace: shop}
spec:
  cluster: {name: postgres}
  name: auth
  login: true
  passwordSecret: {name: auth-database-url}
---
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: {name: auth, namespace: shop}
spec: {cluster: {name: postgres}, name: auth, owner: auth, databaseReclaimPolicy: retain}
---
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: {name: orphan, namespace: shop}
spec: {cluster: {name: postgres}, name: orphan, owner: nobody}
`

// alone is a cluster of one instance.
const alone = `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: alone, namespace: shop}
spec:
  instances: 1
  enablePDB: true
  imageName: registry.example.com/postgresql:18.1
  storage: {size: 10Gi}
`
