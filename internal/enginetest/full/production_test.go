package full

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/services/catalogue"
)

// The environment starts with an old version and upgrades to the documented one. A cloud allows one minor version at a
// time.
const (
	beginning = "1.33"
	between   = "1.34"
	current   = "1.35"
)

// whileSold is a day on which every cloud offered the versions beginning and between.
const whileSold = "2026-06-15"

// inVersion changes the version in the documented section.
func inVersion(version string) func(section) {
	return func(c section) { c["kubernetesVersion"] = version }
}

// turnBack sets the cloud's date to an earlier day, until today is called.
func (p *production) turnBack(t *testing.T, day string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(p.Stack.Cloud(), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(p.Stack.Cloud(), layout.CloudDate), []byte(day), 0o600))
}

// today resets the cloud's date to that of the table of versions.
func (p *production) today(t *testing.T) {
	t.Helper()
	require.NoError(t, os.Remove(filepath.Join(p.Stack.Cloud(), layout.CloudDate)))
}

func (p *production) rollsOut(t *testing.T) {
	p.turnBack(t, whileSold)
	summary, output, err := p.TryUp(t, p.onCloud(t, inVersion(beginning)))
	require.NoError(t, err, output)
	assert.Contains(t, output, "is a stand-in")
	assert.Contains(t, typesOf(summary, apitype.OpCreate), clusterTypes[p.cloud])
	for name, box := range map[string]*sandbox.Sandbox{"production": p.Box, "local beside it": local.Seen(t).Box} {
		status, err := box.Status(t.Context())
		require.NoError(t, err)
		assert.True(t, status.RolledOut(), name)
		assert.Len(t, status.Services, 7, name)
	}
}

func (p *production) plansNothingTwice(t *testing.T) {
	assert.Zero(t, p.Preview(t, testbed.WithState).Changes(), "compared with the state")
	assert.Zero(t, p.Preview(t, testbed.WithLiveObjects).Changes(), "compared with the cloud and the live objects")
}

// changesInPlace makes all the changes of an environment's life in two updates, because a cloud upgrades by one minor
// version at a time.
func (p *production) changesInPlace(t *testing.T) {
	objects, templates := p.identities(t), p.Templates(t)
	p.rotateAuthority(t)

	summary := p.Up(t, p.onCloud(t, p.changedTo(between)))

	assert.ElementsMatch(t, changedPools[p.cloud],
		poolsOf(p.cloud, summary, apitype.OpCreate, apitype.OpCreateReplacement),
		"the added pool, and the one with other machines")
	assert.NotEmpty(t, testbed.Steps(summary, "pulumi:providers:kubernetes", apitype.OpUpdate),
		"the control: the authority of the API server is another one")
	p.wasUpgraded(t, summary, objects, templates)

	p.today(t)
	summary = p.Up(t, p.onCloud(t, p.changedTo(current)))

	assert.Empty(t, poolsOf(p.cloud, summary, apitype.OpCreate, apitype.OpCreateReplacement), "the pools stay")
	p.wasUpgraded(t, summary, objects, templates)
}

// changedTo changes the version and the pools. On EKS the lower bound stays: an update of a node group must not raise
// it above the group's size, which belongs to the autoscaler
// (https://github.com/hashicorp/terraform-provider-aws/issues/18310).
func (p *production) changedTo(version string) func(section) {
	return func(c section) {
		c["kubernetesVersion"] = version
		p.pool(c, 0)["maxNodes"] = 12
		if p.cloud != cluster.EKS {
			p.pool(c, 0)["minNodes"] = 4
		}
		p.pool(c, 1)["machineTypes"] = []any{otherMachineTypes[p.cloud]}
		c["nodePools"] = append(c["nodePools"].([]any), map[string]any{
			"name": "batch", "minNodes": 1, "maxNodes": 2, "cpu": "8", "memory": "32Gi",
			"machineTypes": []any{otherMachineTypes[p.cloud]},
		})
	}
}

// wasUpgraded asserts that an update has upgraded the cluster, and that nothing that runs on it was replaced.
func (p *production) wasUpgraded(t *testing.T, summary changes.Summary, objects, templates map[string]string) {
	t.Helper()
	assert.NotEmpty(t, testbed.Steps(summary, clusterTypes[p.cloud], apitype.OpUpdate), "the control: it was upgraded")
	assert.Empty(t, testbed.Steps(summary, clusterTypes[p.cloud], apitype.OpReplace, apitype.OpDelete),
		"the cluster stays")
	assert.Empty(t, testbed.Steps(summary, "kubernetes:", apitype.OpReplace, apitype.OpCreateReplacement,
		apitype.OpDeleteReplaced, apitype.OpDelete), "no object is replaced")
	assert.Equal(t, objects, p.identities(t), "namespaces, workloads and secrets are the ones they were")
	assert.Empty(t, testbed.Differing(templates, p.Templates(t)), "no pod was rolled")
}

// changedPools are the added pool and the one that gets other machines. On EKS a pool is a group in each zone, except
// the added one, which has two nodes at most.
var changedPools = map[cluster.Cloud][]string{
	cluster.GKE: {"cluster-pool-batch", "cluster-pool-spot"},
	cluster.EKS: {
		"cluster-pool-batch-eu-central-1a", "cluster-pool-batch-eu-central-1b", "cluster-pool-spot-eu-central-1a",
		"cluster-pool-spot-eu-central-1b", "cluster-pool-spot-eu-central-1c",
	},
	cluster.AKS: {"cluster-pool-batch", "cluster-pool-spot"},
}

// unsold is each cloud's message for a version that it no longer offers.
var unsold = map[cluster.Cloud]string{
	cluster.GKE: `No valid versions with the prefix "1.33" found.`,
	cluster.EKS: "unsupported Kubernetes version 1.33",
	cluster.AKS: "K8sVersionNotSupported",
}

// refusesAVersionOutOfSupport asserts that an unsupported version is refused before anything exists.
func (p *production) refusesAVersionOutOfSupport(t *testing.T) {
	_, output, err := p.TryPreview(t, p.onCloud(t, inVersion(beginning)))

	require.ErrorContains(t, err, unsold[p.cloud], output)
}

// livesAsStaging runs the life of the staging environment, which is not protected.
func (p *production) livesAsStaging(t *testing.T) {
	parts := testbed.WatchedElsewhere
	if p.cloud == cluster.GKE {
		parts = testbed.Everything
	}
	staging := &production{Testbed: p.Opened("staging", p.Stack.Name, parts), cloud: p.cloud}

	staging.Up(t, staging.onCloud(t, asDocumented))

	status, err := staging.Box.Status(t.Context())
	require.NoError(t, err)
	assert.True(t, status.RolledOut())
	assert.Len(t, status.Services, 7)
	assert.Zero(t, staging.Preview(t, testbed.WithState).Changes(), "compared with the state")
	staging.Destroy(t)
	assert.Empty(t, staging.List(t, "namespaces", "--selector", "app.kubernetes.io/part-of=dreamseed"))
}

var otherMachineTypes = map[cluster.Cloud]string{
	cluster.GKE: "n2d-standard-8", cluster.EKS: "m7a.2xlarge", cluster.AKS: "Standard_D8ads_v5",
}

func anotherRangeOfServices(c section) {
	c["network"].(map[string]any)["services"] = "10.27.0.0/20"
}

func (p *production) plansAnotherCluster(t *testing.T) {
	_, output, err := p.TryPreview(t, p.onCloud(t, anotherRangeOfServices))
	require.Error(t, err, "a protected cluster is not replaced")
	assert.Contains(t, err.Error(), "protect", output)

	summary, output, err := p.TryPreview(t, p.onCloud(t, func(c section) {
		anotherRangeOfServices(c)
		c["protect"] = false
	}))
	require.NoError(t, err, output)
	assert.NotEmpty(t, testbed.Steps(summary, clusterTypes[p.cloud], apitype.OpReplace))
	assert.NotEmpty(t, testbed.Steps(summary, "kubernetes:apps/v1:Deployment", apitype.OpReplace),
		"what ran on the old cluster moves to the new one")
}

func (p *production) refusesToRemoveTheCluster(t *testing.T) {
	before := p.versions(t)

	_, output, err := p.TryUp(t, func(c testbed.Configuration) {
		p.onCloud(t, asDocumented)(c)
		tracked := c["dreamseed:cluster"].(map[string]any)
		pools := tracked["nodePools"].([]any)
		for _, pool := range pools {
			delete(pool.(map[string]any), "machineTypes")
		}
		c["dreamseed:cluster"] = map[string]any{
			"cloud": "existing", "name": "elsewhere", "region": tracked["region"], "zones": tracked["zones"],
			"nodePools": pools, "existing": map[string]any{"kubeconfigPath": "nowhere", "context": "nowhere"},
		}
		// In the sandbox both clusters share one API server, and a store there cannot belong to two clouds.
		c["dreamseed:secrets"] = map[string]any{"backend": "sealedSecrets", "bootstrap": true}
		c["dreamseed:data"].(section)["objects"] = keptElsewhere()
		c["dreamseed:data"].(section)["letGo"] = []any{"objects"}
		for _, service := range c["dreamseed:services"].(map[string]any) {
			image := service.(map[string]any)
			image["image"] = "registry.example.com/" + image["image"].(string)
		}
	})

	var refused *engine.RunError
	require.ErrorAs(t, err, &refused, output)
	assert.Equal(t, "preview", refused.Command, "before anything was touched")
	assert.Contains(t, err.Error(), "protect")
	assert.Equal(t, before, p.versions(t), "no workload was touched")
}

func (p *production) refusesToDestroy(t *testing.T) {
	p.Configure(t, p.onCloud(t, asDocumented))
	before := p.versions(t)

	_, output, err := p.TryDestroy(t)

	require.Error(t, err, output)
	assert.Contains(t, err.Error(), "protect")
	assert.Equal(t, before, p.versions(t), "no workload was touched")
}

// The types of the objects that read the values of secrets.
const (
	externalSecretType = "kubernetes:external-secrets.io/v1:ExternalSecret"
	secretStoreType    = "kubernetes:external-secrets.io/v1:SecretStore"
)

func (p *production) isTakenDown(t *testing.T) {
	p.Up(t, p.onCloud(t, func(c section) { c["protect"] = false }))

	summary, output, err := p.TryDestroy(t)

	require.NoError(t, err, output)
	order := []string{
		"kubernetes:apps/v1:Deployment", poolTypes[p.cloud], clusterTypes[p.cloud], networkTypes[p.cloud],
	}
	for i, later := range order[1:] {
		last, first := deletions(summary, order[i]), deletions(summary, later)
		require.NotEmpty(t, last, order[i])
		require.NotEmpty(t, first, later)
		assert.Less(t, slices.Max(last), slices.Min(first), "%s goes before %s", order[i], later)
	}
	for _, service := range catalogue.Names() {
		pods, secret := deletion(summary, service+"-deployment"), deletion(summary, service+"-secrets-read-DATABASE_URL")
		require.GreaterOrEqual(t, pods, 0, service)
		assert.Less(t, pods, secret, "the pods of %s go before their secrets", service)
		assert.Less(t, secret, deletion(summary, service+"-secrets-store"), "which go before what they are read with")
	}
	assert.Empty(t, p.List(t, "namespaces", "--selector", "app.kubernetes.io/part-of=dreamseed"))
}

// plansEverything runs the first preview of an environment, whose kubeconfig is not known yet.
func (p *production) plansEverything(t *testing.T) {
	summary, output, err := p.TryPreview(t, p.onCloud(t, asDocumented))

	require.NoError(t, err, output)
	planned := typesOf(summary, apitype.OpCreate)
	for _, one := range []string{
		clusterTypes[p.cloud], poolTypes[p.cloud], "pulumi:providers:kubernetes", "kubernetes:core/v1:Namespace",
		"kubernetes:apps/v1:Deployment", externalSecretType, secretStoreType,
	} {
		assert.Contains(t, planned, one)
	}
	assert.Len(t, testbed.Steps(summary, "kubernetes:apps/v1:Deployment", apitype.OpCreate), len(deploymentsOf(p.cloud)))
	assert.Equal(t, summary.Changes(), summary.Counts[apitype.OpCreate])
}

// deploymentsOf returns the seven services, and on EKS the autoscaler of the nodes.
func deploymentsOf(cloud cluster.Cloud) []string {
	names := []string{"ai-tutor", "analytics", "assessment", "auth", "content", "payment", "user"}
	if cloud == cluster.EKS {
		names = append(names, "cluster-autoscaler")
	}
	return names
}

// rotateAuthority adds a second certificate to the API server's authority, as a cloud does during a rotation.
func (p *production) rotateAuthority(t *testing.T) {
	t.Helper()
	file := filepath.Join(p.Stack.Certificates(), "ca.crt")
	first, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, slices.Concat(first, first), 0o600))
}

// identities maps the namespaces, workloads and secrets to the UIDs that the API server gave them.
func (p *production) identities(t *testing.T) map[string]string {
	t.Helper()
	uids := map[string]string{}
	workloads := p.List(t, "namespaces,deployments,services", "--all-namespaces",
		"--selector", "app.kubernetes.io/part-of=dreamseed")
	secrets := p.List(t, "externalsecrets,secrets", "--namespace", p.Namespace())
	require.NotEmpty(t, workloads)
	require.NotEmpty(t, secrets)
	for _, found := range slices.Concat(workloads, secrets) {
		uids[found.Kind+" "+found.Metadata.Namespace+"/"+found.Metadata.Name] = found.Metadata.UID
	}
	return uids
}

// versions returns the Deployments with their UIDs and generations.
func (p *production) versions(t *testing.T) []string {
	t.Helper()
	printed := p.Kubectl(t, "get", "deployments", "--all-namespaces", "--output",
		`jsonpath={range .items[*]}{.metadata.name} {.metadata.uid} {.metadata.generation}{"\n"}{end}`)
	return strings.Split(strings.TrimSpace(printed), "\n")
}

func poolsOf(cloud cluster.Cloud, summary changes.Summary, operations ...apitype.OpType) []string {
	var names []string
	for _, step := range testbed.Steps(summary, poolTypes[cloud], operations...) {
		names = append(names, step.Name)
	}
	return names
}

func typesOf(summary changes.Summary, operation apitype.OpType) []string {
	var types []string
	for _, step := range summary.Steps {
		if step.Operation == operation {
			types = append(types, step.Type)
		}
	}
	return types
}

// deletion returns the position in the summary at which a resource was deleted, or -1.
func deletion(summary changes.Summary, name string) int {
	return slices.IndexFunc(summary.Steps, func(step changes.Step) bool {
		return step.Name == name && step.Operation == apitype.OpDelete
	})
}

// deletions returns the positions in the summary at which resources of a type were deleted.
func deletions(summary changes.Summary, of string) []int {
	var positions []int
	for i, step := range summary.Steps {
		if step.Type == of && step.Operation == apitype.OpDelete {
			positions = append(positions, i)
		}
	}
	return positions
}
