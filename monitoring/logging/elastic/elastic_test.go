package elastic_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/sandbox/definition"
	"github.com/dreamseed/platform/internal/sandbox/definition/definitiontest"
	"github.com/dreamseed/platform/internal/sandbox/eck"
	"github.com/dreamseed/platform/monitoring/logging/elastic"
)

const (
	elasticsearchType = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch"
	kibanaType        = "kubernetes:kibana.k8s.elastic.co/v1:Kibana"
	externalType      = "kubernetes:external-secrets.io/v1:ExternalSecret"
	jobType           = "kubernetes:batch/v1:Job"
)

func args() *elastic.Args {
	return &elastic.Args{
		Namespace: "monitoring", CollectorNamespace: "node-agents", Zones: []string{"west-a", "west-b", "west-c"},
		RetentionDays: 14, Storage: resource.MustParse("100Gi"), StorageClass: "encrypted", Protect: true,
		DeadlineSeconds: 60,
	}
}

func built(t *testing.T, of *elastic.Args) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := elastic.New(ctx, "logs-elastic", of)
		return err
	})
}

func store(t *testing.T) *mocktest.Resource {
	t.Helper()
	return built(t, args()).Get(t, elasticsearchType, "logs-elastic-elasticsearch")
}

func kibana(t *testing.T) *mocktest.Resource {
	t.Helper()
	return built(t, args()).Get(t, kibanaType, "logs-elastic-kibana")
}

// eachKind returns the specs of the resources by the kind that they are of.
func eachKind(t *testing.T, test func(t *testing.T, kind definition.Kind, spec map[string]any)) {
	t.Helper()
	of := map[string]*mocktest.Resource{"Elasticsearch": store(t), "Kibana": kibana(t)}
	require.Len(t, eck.Kinds(), len(of))
	for _, kind := range eck.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			assert.Equal(t, kind.Group+"/v1", of[kind.Name].At("apiVersion"))
			spec, _ := of[kind.Name].At("spec").(map[string]any)
			require.NotEmpty(t, spec)
			test(t, kind, spec)
		})
	}
}

func TestEveryFieldIsOneOfThePublishedKinds(t *testing.T) {
	eachKind(t, func(t *testing.T, kind definition.Kind, spec map[string]any) {
		assert.Empty(t, definitiontest.Mistakes(kind, spec))
		assert.Empty(t, definitiontest.Unused(kind, spec), "a fact that nothing is checked with")
	})
}

// The control: each fact is needed, and what no fact knows is refused at every depth.
func TestAFieldThatNoFactKnowsIsRefused(t *testing.T) {
	eachKind(t, func(t *testing.T, kind definition.Kind, spec map[string]any) {
		for _, path := range kind.Paths() {
			less := kind
			less.Fields = map[string]definition.Type{}
			for _, other := range kind.Paths() {
				if other != path {
					less.Fields[other] = kind.Fields[other]
				}
			}
			assert.NotEmpty(t, definitiontest.Mistakes(less, spec), path)
		}
		spec["podTemplates"] = map[string]any{}
		assert.Equal(t, []string{"podTemplates: the kind has no such field"}, definitiontest.Mistakes(kind, spec))
		delete(spec, "podTemplates")
		spec["version"] = 9
		assert.Equal(t, []string{"version: 9 is no string"}, definitiontest.Mistakes(kind, spec))
	})
}

func TestAFieldThatNoPodHasIsRefused(t *testing.T) {
	eachKind(t, func(t *testing.T, kind definition.Kind, spec map[string]any) {
		template, _ := podOf(spec)["spec"].(map[string]any)
		template["containrs"] = []any{}
		found := definitiontest.Mistakes(kind, spec)
		require.NotEmpty(t, found)
		assert.Contains(t, found[0], `unknown field "containrs"`)
	})
}

// podOf returns the template of the pods: of the first set of nodes, or the only one.
func podOf(spec map[string]any) map[string]any {
	if only, is := spec["podTemplate"].(map[string]any); is {
		return only
	}
	first, _ := mocktest.At(spec, "nodeSets", 0, "podTemplate").(map[string]any)
	return first
}

func TestThePodsAreRestricted(t *testing.T) {
	eachKind(t, func(t *testing.T, _ definition.Kind, spec map[string]any) {
		text, err := json.Marshal(podOf(spec))
		require.NoError(t, err)
		var pod corev1.PodTemplateSpec
		require.NoError(t, json.Unmarshal(text, &pod))
		assert.Empty(t, charttest.Forbidden(t, pod))
		assert.NotEmpty(t, pod.Spec.Containers[0].Resources.Limits)
		pod.Spec.Containers[0].SecurityContext = nil
		assert.NotEmpty(t, charttest.Forbidden(t, pod), "the control")
	})
}

func TestNoNodeIsTouchedForMemoryMaps(t *testing.T) {
	sets, _ := store(t).At("spec", "nodeSets").([]any)
	require.Len(t, sets, 3)
	assert.Equal(t, false, mocktest.At(sets[0], "config", "node.store.allow_mmap"))
	assert.NotContains(t, mocktest.At(sets[0], "podTemplate", "spec"), "initContainers")
}

func TestTheNodesAreInTheZones(t *testing.T) {
	cases := map[string]struct {
		zones []string
		want  map[any]any // the number of nodes by zone
	}{
		"three": {[]string{"west-a", "west-b", "west-c"}, map[any]any{"west-a": 1, "west-b": 1, "west-c": 1}},
		"two":   {[]string{"west-a", "west-b"}, map[any]any{"west-a": 2, "west-b": 1}},
		"one":   {[]string{"west-a"}, map[any]any{"west-a": 3}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			of := args()
			of.Zones = c.zones
			sets, _ := built(t, of).Get(t, elasticsearchType, "logs-elastic-elasticsearch").At("spec", "nodeSets").([]any)
			found := map[any]any{}
			for _, set := range sets {
				zone := mocktest.At(set, "config", "node.attr.zone")
				found[zone] = mocktest.At(set, "count")
				terms := mocktest.At(set, "podTemplate", "spec", "affinity", "nodeAffinity",
					"requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms", 0, "matchExpressions", 0, "values")
				assert.Equal(t, []any{zone}, terms)
			}
			assert.Equal(t, c.want, found)
		})
	}
}

func TestTheVolumesAreEncryptedAndStay(t *testing.T) {
	assert.Equal(t, "DeleteOnScaledownOnly", store(t).At("spec", "volumeClaimDeletePolicy"))
	claim := store(t).At("spec", "nodeSets", 0, "volumeClaimTemplates", 0)
	assert.Equal(t, "elasticsearch-data", mocktest.At(claim, "metadata", "name"))
	assert.Equal(t, "encrypted", mocktest.At(claim, "spec", "storageClassName"))
	assert.Equal(t, "100Gi", mocktest.At(claim, "spec", "resources", "requests", "storage"))
	assert.True(t, store(t).Protect)
}

func TestNobodyIsTheSuperuser(t *testing.T) {
	recording := built(t, args())
	want := map[string]map[string]any{
		"dreamseed-collector": {"indices": []any{map[string]any{
			"names": []any{"logs-*.otel-*"}, "privileges": []any{"auto_configure", "create_doc"},
		}}},
		"dreamseed-lifecycle": {"cluster": []any{"monitor", "manage_ilm", "manage_index_templates"}},
	}
	var names []any
	for _, user := range slices.Sorted(slices.Values([]string{"dreamseed-collector", "dreamseed-lifecycle"})) {
		secret := recording.Get(t, externalType, "logs-elastic-"+user+"-secret")
		data, _ := secret.At("spec", "target", "template", "data").(map[string]any)
		assert.Equal(t, user, data["username"])
		assert.Equal(t, user, data["roles"])
		assert.Equal(t, "{{ .password }}", data["password"], "nothing but the operator knows it")
		var roles map[string]map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(data["roles.yml"].(string)), &roles))
		assert.Equal(t, map[string]map[string]any{user: want[user]}, roles)
		assert.Equal(t, true, secret.At("spec", "target", "immutable"))
		names = append(names, map[string]any{"secretName": secret.At("metadata", "name")})
	}
	assert.ElementsMatch(t, names, store(t).At("spec", "auth", "fileRealm"))
	assert.ElementsMatch(t, names, store(t).At("spec", "auth", "roles"))
}

func TestTheCarrierMayGetTwoSecretsAndNothingElse(t *testing.T) {
	recording := built(t, args())
	role := recording.Get(t, "kubernetes:rbac.authorization.k8s.io/v1:Role", "logs-elastic-carrier-role")
	assert.Equal(t, "monitoring", role.At("metadata", "namespace"))
	assert.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"secrets"}, "verbs": []any{"get"},
		"resourceNames": []any{"logs-dreamseed-collector", "logs-es-http-certs-public"},
	}}, role.At("rules"))
	secret := recording.Get(t, externalType, "logs-elastic-carrier-secret")
	assert.Equal(t, "node-agents", secret.At("metadata", "namespace"))
	assert.Equal(t, "monitoring", recording.Get(t, "kubernetes:external-secrets.io/v1:SecretStore",
		"logs-elastic-carrier-store").At("spec", "provider", "kubernetes", "remoteNamespace"))
	carried := map[any]any{}
	data, _ := secret.At("spec", "data").([]any)
	for _, one := range data {
		carried[mocktest.At(one, "secretKey")] = mocktest.At(one, "remoteRef", "key")
	}
	assert.Equal(t, map[any]any{
		elastic.PasswordKey: "logs-dreamseed-collector", elastic.AuthorityKey: "logs-es-http-certs-public",
	}, carried)
	secret.AssertDependsOn(t, mocktest.Ref(elasticsearchType, "logs-elastic-elasticsearch"))
}

// lifecycle returns the Job of the retention, and the bodies of its requests.
func lifecycle(t *testing.T, days int) (job *mocktest.Resource, bodies map[string]any) {
	t.Helper()
	of := args()
	of.RetentionDays = days
	recording := built(t, of)
	jobs := recording.OfType(jobType)
	require.Len(t, jobs, 1)
	name := jobs[0].At("spec", "template", "spec", "volumes", 0, "configMap", "name")
	for _, config := range recording.Each(t, "kubernetes:core/v1:ConfigMap") {
		if config.At("metadata", "name") == name {
			bodies, _ = config.At("data").(map[string]any)
		}
	}
	require.NotEmpty(t, bodies)
	return jobs[0], bodies
}

func TestLinesAreDeletedAfterTheRetention(t *testing.T) {
	_, bodies := lifecycle(t, 14)
	assert.JSONEq(t, `{"policy": {"phases": {
		"hot": {"min_age": "0ms", "actions": {"rollover": {"max_age": "1d", "max_primary_shard_size": "50gb"}}},
		"delete": {"min_age": "14d", "actions": {"delete": {}}}
	}}}`, bodies["policy.json"].(string))
	assert.JSONEq(t, `{"template": {"settings": {"index.lifecycle.name": "dreamseed-logs"}}}`,
		bodies["template.json"].(string))
}

func TestAnotherRetentionIsAnotherJob(t *testing.T) {
	one, _ := lifecycle(t, 14)
	other, _ := lifecycle(t, 15)
	assert.NotEqual(t, one.Name, other.Name)
	assert.NotEqual(t, one.At("metadata", "name"), other.At("metadata", "name"))
	one.AssertDependsOn(t, mocktest.Ref(elasticsearchType, "logs-elastic-elasticsearch"))
}

func TestTheJobAsksElasticsearchAndShowsNoPassword(t *testing.T) {
	job, _ := lifecycle(t, 14)
	command, _ := job.At("spec", "template", "spec", "containers", 0, "command").([]any)
	require.Len(t, command, 3)
	script := command[2].(string)
	for _, path := range []string{
		"/_cluster/health", "/_ilm/policy/dreamseed-logs", "/_component_template/logs-otel@custom",
	} {
		assert.Contains(t, script, "https://logs-es-http.monitoring.svc:9200"+path)
	}
	assert.Less(t, strings.Index(script, "_ilm"), strings.Index(script, "_component_template"), "one names the other")
	assert.NotContains(t, script, "--insecure")
	assert.NotContains(t, script, "--user", "the list of processes would show it")
	assert.Contains(t, job.At("spec", "template", "spec", "volumes"), map[string]any{"name": "user",
		"secret": map[string]any{
			"secretName": "logs-dreamseed-lifecycle", "defaultMode": 0o440,
			"items": []any{map[string]any{"key": "curl", "path": "curl"}},
		}})
}
