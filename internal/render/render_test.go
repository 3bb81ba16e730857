package render_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/leak"
	"github.com/dreamseed/platform/internal/render"
)

// parse returns the fields that a YAML document has, as a state has them.
func parse(t *testing.T, document string) map[string]any {
	t.Helper()
	var fields map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(document), &fields))
	return fields
}

// deployed returns the resource of an object.
func deployed(t *testing.T, kind, document string) apitype.ResourceV3 {
	t.Helper()
	fields := parse(t, document)
	return apitype.ResourceV3{
		URN:  resource.NewURN("test", "dreamseed", "", tokens.Type(kind), fmt.Sprint(fields["metadata"])),
		Type: tokens.Type(kind), Custom: true, Inputs: fields,
	}
}

func stateOf(resources ...apitype.ResourceV3) *apitype.DeploymentV3 {
	return &apitype.DeploymentV3{Resources: resources}
}

func rendered(t *testing.T, resources ...apitype.ResourceV3) *render.Rendering {
	t.Helper()
	r, err := render.Render("test", stateOf(resources...), nil)
	require.NoError(t, err)
	return r
}

const (
	namespace  = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
	job        = "{apiVersion: batch/v1, kind: Job, metadata: {name: migration-1, namespace: shop}}"
	deployment = `
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    example.com/owner: shop
    pulumi.com/patchForce: "true"
    pulumi.com/waitFor: condition=Available
  name: front
  namespace: shop
spec:
  replicas: 2
  template:
    spec:
      terminationGracePeriodSeconds: 1000000
`
)

func aNamespace(t *testing.T) apitype.ResourceV3 {
	t.Helper()
	return deployed(t, "kubernetes:core/v1:Namespace", namespace)
}

func aJob(t *testing.T) apitype.ResourceV3 {
	t.Helper()
	return deployed(t, "kubernetes:batch/v1:Job", job)
}

func aDeployment(t *testing.T) apitype.ResourceV3 {
	t.Helper()
	one := deployed(t, "kubernetes:apps/v1:Deployment", deployment)
	one.IgnoreChanges = []string{"spec.replicas"}
	return one
}

func aConfigMap(t *testing.T, data string) apitype.ResourceV3 {
	t.Helper()
	return deployed(t, "kubernetes:core/v1:ConfigMap",
		"{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: "+data+"}")
}

const planted = "planted-hunter2"

// encrypted is an encrypted value as a state has it
// (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/apitype/stacks.go, SecretV1).
const encrypted = `{4dabf18193072939515e22adb298388d: 1b47061264138c4ac30d75fd1eb44270, ciphertext: planted-hunter2}`

func TestAManifestIsWhatTheProgramAskedFor(t *testing.T) {
	r := rendered(t, aDeployment(t))

	assert.Equal(t, `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    example.com/owner: shop
  name: front
  namespace: shop
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 1000000
`, r.Files["objects/06-deployment-shop-front.yaml"], "without what Pulumi leaves to others, and what only Pulumi reads")
	assert.Equal(t, 1, r.Objects)
}

func TestAFieldThatPulumiDoesNotLeaveToOthersStays(t *testing.T) {
	one := aDeployment(t)
	one.IgnoreChanges = nil
	assert.Contains(t, rendered(t, one).Files["objects/06-deployment-shop-front.yaml"], "replicas: 2")
}

func TestAnnotationsOfPulumiAloneLeaveNone(t *testing.T) {
	r := rendered(t, deployed(t, "kubernetes:core/v1:Namespace",
		`{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {pulumi.com/patchForce: "true"}}}`))
	assert.NotContains(t, r.Files["objects/00-namespace-shop.yaml"], "annotations")
}

func TestTheSameStateGivesTheSameBytes(t *testing.T) {
	all := []apitype.ResourceV3{aNamespace(t), aJob(t), aDeployment(t), aConfigMap(t, "{a: b, c: d}")}
	once := rendered(t, all...)
	slices.Reverse(all)
	assert.Equal(t, once, rendered(t, all...), "in whatever order the engine finished")
	assert.Contains(t, all[1].Inputs["spec"], "replicas", "the state is only read")
}

func TestAnotherObjectRenamesNone(t *testing.T) {
	before, after := rendered(t, aNamespace(t), aDeployment(t)), rendered(t, aNamespace(t), aJob(t), aDeployment(t))
	require.Len(t, before.Files, 4)
	for file, content := range before.Files {
		if path.Dir(file) != "." {
			assert.Equal(t, content, after.Files[file])
		}
	}
}

func TestWhatHoldsASecretIsInNoFileAndIsListed(t *testing.T) {
	secrets := leak.Secrets{"the planted secret": planted}
	open := rendered(t, aConfigMap(t, "{password: "+planted+"}"))
	require.NotEmpty(t, leak.Find(secrets, open.Files), "the control")

	inList := aJob(t)
	inList.Inputs["spec"] = parse(t, "{containers: [{env: [{name: a, value: b}, {name: c, value: "+encrypted+"}]}]}")
	inOutputs := aNamespace(t)
	inOutputs.Outputs = map[string]any{"status": planted}
	release := aRelease(t)
	release.Inputs["values"] = parse(t, "{admin: {password: "+encrypted+"}}")

	r := rendered(t, aConfigMap(t, encrypted), inList, inOutputs, release,
		deployed(t, "kubernetes:core/v1:Secret",
			"{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: shop}, stringData: {a: "+planted+"}}"))

	assert.Empty(t, leak.Find(secrets, r.Files))
	var leftOut []string
	for _, one := range r.LeftOut {
		leftOut = append(leftOut, one.Object)
		assert.Contains(t, r.Files["index.md"], "| "+one.Object+" | it "+one.Why+" |")
	}
	assert.Equal(t, []string{
		"ConfigMap shop settings", "Helm release traefik traefik", "Job shop migration-1", "Secret shop keys",
	}, leftOut)
	assert.Equal(t, 1, r.Objects)
	assert.Zero(t, r.Releases)
}

func TestOnlyWhatIsASecretItselfIsLeftOut(t *testing.T) {
	external := deployed(t, "kubernetes:external-secrets.io/v1:ExternalSecret",
		"{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: keys, namespace: shop}}")
	sealed := deployed(t, "kubernetes:bitnami.com/v1alpha1:SealedSecret",
		"{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: keys, namespace: shop}}")
	r := rendered(t, external, sealed)
	assert.Empty(t, r.LeftOut)
	assert.Contains(t, r.Files, "objects/03-externalsecret-shop-keys.yaml")
	assert.Contains(t, r.Files, "objects/03-sealedsecret-shop-keys.yaml")
}

func TestWhatHasNoManifestIsListedWithItsReason(t *testing.T) {
	noRepository := aRelease(t)
	delete(noRepository.Inputs, "repositoryOpts")
	cases := map[string]struct {
		one apitype.ResourceV3
		why string
	}{
		"no name": {
			deployed(t, "kubernetes:core/v1:ConfigMap", "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: a}}"),
			"has no name",
		},
		"patch": {
			deployed(t, "kubernetes:core/v1:ServiceAccountPatch",
				"{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}"), "somebody else owns",
		},
		"chart in a folder": {noRepository, "in no repository"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			r := rendered(t, tt.one)
			require.Len(t, r.LeftOut, 1)
			assert.Contains(t, r.LeftOut[0].Why, tt.why)
			assert.Zero(t, r.Objects+r.Releases)
		})
	}
}

func TestWhatTheProgramDoesNotOwnIsNotRendered(t *testing.T) {
	read, dying, component := aJob(t), aJob(t), aJob(t)
	read.External, dying.Delete, component.Custom = true, true, false
	cloud := apitype.ResourceV3{
		URN:  "urn:pulumi:test::dreamseed::gcp:container/cluster:Cluster::main",
		Type: "gcp:container/cluster:Cluster", Custom: true,
	}
	provider := apitype.ResourceV3{
		URN:  "urn:pulumi:test::dreamseed::pulumi:providers:gcp::gcp",
		Type: "pulumi:providers:gcp", Custom: true,
	}
	r := rendered(t, aNamespace(t), read, dying, component, cloud, provider)
	assert.Equal(t, 1, r.Objects)
	assert.Empty(t, r.LeftOut)
	assert.Contains(t, r.Files["index.md"], "| `gcp:container/cluster:Cluster` | main |")
	assert.NotContains(t, r.Files["index.md"], "pulumi:providers", "a provider is nothing that runs")
}

func TestAStateThatDoesNotSayWhatRunsIsRefused(t *testing.T) {
	record := apitype.ResourceV3{Type: "gcp:dns/recordSet:RecordSet", Custom: true}
	interrupted := stateOf(aNamespace(t))
	interrupted.PendingOperations = []apitype.OperationV2{
		{Resource: aJob(t), Type: apitype.OperationTypeCreating},
		{Resource: aDeployment(t), Type: apitype.OperationTypeUpdating},
	}
	cases := map[string]struct {
		state *apitype.DeploymentV3
		says  []string
	}{
		"nothing deployed": {stateOf(), []string{"pulumi up"}},
		"no object":        {stateOf(record), []string{"pulumi up"}},
		"interrupted":      {interrupted, []string{"creating", "migration-1", "updating", "front", "pulumi refresh"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := render.Render("test", tt.state, nil)
			var input *render.InputError
			require.ErrorAs(t, err, &input)
			for _, word := range tt.says {
				assert.ErrorContains(t, err, word)
			}
		})
	}
}

func TestTwoObjectsOfOneFileNameAreRefused(t *testing.T) {
	const settings = "kubernetes:core/v1:ConfigMap"
	one := deployed(t, settings, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: a-b}}")
	other := deployed(t, settings, "{apiVersion: v1, kind: ConfigMap, metadata: {name: b-c, namespace: a}}")
	_, err := render.Render("test", stateOf(one, other), nil)
	require.ErrorContains(t, err, "02-configmap-a-b-c.yaml")
}

func TestANameThatIsNoFileNameIsMadeOne(t *testing.T) {
	r := rendered(t, deployed(t, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
		"{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'shop:../Admin'}}"))
	assert.Contains(t, r.Files, "objects/02-clusterrole-shop-..-admin.yaml")
}

// kustomized returns the annotations that the kustomization adds to a kind.
func kustomized(t *testing.T, r *render.Rendering, kind string) map[string]string {
	t.Helper()
	var k struct {
		Patches []struct {
			Target struct{ Kind string }
			Patch  string
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(r.Files["kustomization.yaml"]), &k))
	require.NotEmpty(t, k.Patches)
	found := map[string]string{}
	for _, one := range k.Patches {
		if !slices.Contains(strings.Split(one.Target.Kind, "|"), kind) {
			continue
		}
		var patch struct {
			Metadata struct{ Annotations map[string]string }
		}
		require.NoError(t, yaml.Unmarshal([]byte(one.Patch), &patch))
		for key, value := range patch.Metadata.Annotations {
			assert.NotContains(t, found, key, "a second patch would replace the first")
			found[key] = value
		}
	}
	return found
}

func TestArgoCDAppliesMigrationsBetweenSecretsAndWhatRunsOnTheDatabase(t *testing.T) {
	kinds := map[string]struct{ version, wave, options string }{
		"Namespace":               {"v1", "-3", "Prune=false,Delete=false"},
		"NetworkPolicy":           {"networking.k8s.io/v1", "-2", ""},
		"ResourceQuota":           {"v1", "-2", ""},
		"ServiceAccount":          {"v1", "-1", ""},
		"SecretStore":             {"external-secrets.io/v1", "-1", "SkipDryRunOnMissingResource=true"},
		"ExternalSecret":          {"external-secrets.io/v1", "0", "SkipDryRunOnMissingResource=true"},
		"Job":                     {"batch/v1", "2", "Prune=false"},
		"Deployment":              {"apps/v1", "3", ""},
		"Rollout":                 {"argoproj.io/v1alpha1", "3", "SkipDryRunOnMissingResource=true"},
		"PersistentVolumeClaim":   {"v1", "3", "Prune=false,Delete=false"},
		"HorizontalPodAutoscaler": {"autoscaling/v2", "4", ""},
		"Ingress":                 {"networking.k8s.io/v1", "4", ""},
		"Certificate":             {"cert-manager.io/v1", "4", "SkipDryRunOnMissingResource=true"},
	}
	all := []apitype.ResourceV3{aRelease(t)}
	for kind, of := range kinds {
		all = append(all, deployed(t, "kubernetes:"+of.version+":"+kind,
			"{apiVersion: "+of.version+", kind: "+kind+", metadata: {name: one}}"))
	}
	r := rendered(t, all...)
	for kind, want := range kinds {
		is := kustomized(t, r, kind)
		assert.Equal(t, want.wave, is["argocd.argoproj.io/sync-wave"], kind)
		assert.Equal(t, want.options, is["argocd.argoproj.io/sync-options"], kind)
		assert.NotContains(t, is, "argocd.argoproj.io/hook", "a hook would migrate again at each sync")
	}
	assert.Equal(t, "-2", kustomized(t, r, "Application")["argocd.argoproj.io/sync-wave"], "operators bring the kinds")
	assert.Equal(t, "IgnoreExtraneous", kustomized(t, r, "Job")["argocd.argoproj.io/compare-options"],
		"the Job of a former image is no difference")
}

func TestTheKustomizationHasEveryManifestInOrder(t *testing.T) {
	r := rendered(t, aDeployment(t), aRelease(t), aJob(t), aNamespace(t))
	var k struct{ Resources []string }
	require.NoError(t, yaml.Unmarshal([]byte(r.Files["kustomization.yaml"]), &k))
	assert.Equal(t, []string{
		"objects/00-namespace-shop.yaml",
		"releases/01-application-argocd-dreamseed-test-traefik.yaml",
		"objects/05-job-shop-migration-1.yaml",
		"objects/06-deployment-shop-front.yaml",
	}, k.Resources)
}
