package drift

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/types"
)

// patches records what a repair sends, and refuses what is sent to a path.
type patches struct {
	sent    []string
	refuses string
}

func (p *patches) Patch(_ context.Context, path string, kind types.PatchType, body []byte, answer any) error {
	path, _, _ = strings.Cut(path, "?")
	p.sent = append(p.sent, strings.Join([]string{path, string(kind), string(body)}, " "))
	if p.refuses != "" && strings.HasSuffix(path, p.refuses) {
		return errors.New("it is invalid")
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal([]byte(`{"metadata": {"resourceVersion": "7", "managedFields": []}}`), answer)
}

const (
	asJSONPatch = " application/json-patch+json "
	asApply     = " application/apply-patch+yaml "
)

// repaired looks at a program with one object that was changed, and repairs it.
func repaired(
	t *testing.T, object string, change func(map[string]any), accepted []Acceptance, owners ...map[string]any,
) (*Report, []string) {
	t.Helper()
	made := objectsOf(t, namespaceShop+"\n---\n"+object)
	state := stateOf(made...)
	report, err := Look(t.Context(), Sources{
		Stack: "shop", State: state, Refreshed: everythingRefreshed(state), Accepted: accepted,
		Cluster: &cluster{objects: []map[string]any{
			alive(made[0], untouched, ours()), alive(made[1], change, append(owners, ours())...),
		}},
	})
	require.NoError(t, err)
	sent := &patches{}
	report.Repair(t.Context(), sent)
	return report, sent.sent
}

func TestARepairRemovesWhatWasAddedAndAppliesTheRest(t *testing.T) {
	report, sent := repaired(t, deployment, func(o map[string]any) {
		container(o)["env"] = append([]any{map[string]any{"name": "X", "value": "1"}}, container(o)["env"].([]any)...)
		container(o)["image"] = "evil:1"
	}, nil,
		owned("kubectl-set", "Update", of(append(inContainer, "f:env", `k:{"name":"X"}`, "f:value")...)),
		owned("kubectl-edit", "Update", of(append(inContainer, "f:image")...)))

	const at = "/apis/apps/v1/namespaces/shop/deployments/payment"
	require.Len(t, sent, 2)
	assert.Equal(t, at+asJSONPatch+`[{"op":"test","path":"/spec/template/spec/containers/0/name","value":"payment"},`+
		`{"op":"test","path":"/spec/template/spec/containers/0/env/0/name","value":"X"},`+
		`{"op":"remove","path":"/spec/template/spec/containers/0/env/0"}]`, sent[0])
	assert.True(t, strings.HasPrefix(sent[1], at+asApply), sent[1])
	assert.Contains(t, sent[1], `"image":"payment:1"`)
	assert.Empty(t, found(report), "nothing is left")
	require.Len(t, report.Repairs, 1)
	assert.Len(t, report.Repairs[0].Paths, 2)
}

func TestARepairKeepsWhatIsBenignAndAccepted(t *testing.T) {
	one := Acceptance{Object: "Service shop/payment", Path: ".spec.externalIPs", Reason: "for the time being"}
	report, sent := repaired(t, service, func(o map[string]any) {
		spec(o)["selector"] = map[string]any{"app": "payment", "rollouts-pod-template-hash": "1", "none": "such"}
		spec(o)["externalIPs"] = []any{"192.0.2.1"}
	}, []Acceptance{one},
		owned("rollouts-controller", "Update", of("f:spec", "f:selector")),
		owned("kubectl-patch", "Update", of("f:spec", "f:externalIPs")))

	require.Len(t, sent, 2)
	assert.Contains(t, sent[0], `[{"op":"remove","path":"/spec/selector/none"}]`)
	assert.Contains(t, sent[1], `"selector":{"app":"payment","rollouts-pod-template-hash":"1"}`,
		"the version that serves is kept, though the API server has one owner for the whole selector")
	assert.NotContains(t, sent[1], "externalIPs")
	require.Len(t, report.Findings, 2, "both are still said")
	assert.Equal(t, Benign, report.Worst())
}

func TestARepairLeavesTheNumberOfAnAutoscaler(t *testing.T) {
	_, sent := repaired(t, deployment, func(o map[string]any) {
		spec(o)["replicas"] = int64(5)
		container(o)["image"] = "evil:1"
	}, []Acceptance{{Object: "Deployment.apps shop/payment", Path: ".spec.replicas", Reason: "a test of the load"}},
		owned("kube-controller-manager", "Update", of("f:spec", "f:replicas")),
		owned("kubectl-edit", "Update", of(append(inContainer, "f:image")...)))

	require.Len(t, sent, 1)
	assert.NotContains(t, sent[0], "replicas")
	assert.Contains(t, sent[0], `"image":"payment:1"`, "the control")
}

func TestARefusedRepairIsSaidAndTheOthersAreDone(t *testing.T) {
	made := objectsOf(t, namespaceShop+"\n---\n"+service+"\n---\n"+policy)
	byKubectl := owned("kubectl-patch", "Update", of("f:metadata", "f:labels", "f:a"))
	labelled := func(o map[string]any) { o["metadata"].(map[string]any)["labels"] = map[string]any{"a": "b"} }
	report := look(t, made, &cluster{objects: []map[string]any{
		alive(made[0], untouched, ours()), alive(made[1], labelled, byKubectl, ours()),
		alive(made[2], func(o map[string]any) {
			o["metadata"].(map[string]any)["labels"].(map[string]any)["a"] = "b"
		}, byKubectl, ours()),
	}})

	report.Repair(t.Context(), &patches{refuses: "/services/payment"})

	require.Len(t, report.Repairs, 2)
	assert.Contains(t, report.Repairs[0].Refused, "it is invalid")
	assert.Empty(t, report.Repairs[1].Refused)
	assert.Equal(t, []string{"suspicious added Service shop/payment .metadata.labels.a kubectl-patch"}, found(report),
		"what was refused is left")
	assert.Contains(t, report.Text(), "refused: Service shop/payment")
}

func TestARepairMakesADeletedObjectAgainButNoMigration(t *testing.T) {
	job := `{apiVersion: batch/v1, kind: Job, metadata: {name: migration, namespace: shop}}`
	made := objectsOf(t, namespaceShop+"\n---\n"+service+"\n---\n"+job)
	report := look(t, made, &cluster{objects: []map[string]any{alive(made[0], untouched, ours())}})
	sent := &patches{}

	report.Repair(t.Context(), sent)

	require.Len(t, sent.sent, 1)
	assert.True(t, strings.HasPrefix(sent.sent[0], "/api/v1/namespaces/shop/services/payment"+asApply), sent.sent[0])
	require.Equal(t, []string{"dangerous gone Job.batch shop/migration"}, found(report))
	assert.Equal(t, "pulumi up --refresh --stack shop", report.attention()[0].Remedy)
}

func TestARepairDeletesNoStranger(t *testing.T) {
	made := objectsOf(t, namespaceShop)
	stranger := alive(objectsOf(t, service)[0], untouched, owned("kubectl-create", "Update", of("f:spec")))
	report := look(t, made, &cluster{objects: []map[string]any{alive(made[0], untouched, ours()), stranger}})
	sent := &patches{}

	report.Repair(t.Context(), sent)

	assert.Empty(t, sent.sent)
	require.Len(t, report.attention(), 1)
	assert.Equal(t, "kubectl delete service payment --namespace shop", report.attention()[0].Remedy)
}

func TestARepairAppliesNothingThatTheStateKeepsEncrypted(t *testing.T) {
	object := `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {password:
		{4dabf18193072939515e22adb298388d: 1b47061264138c4ac30d75fd1eb44270, ciphertext: v1:abc}}}`
	report, sent := repaired(t, strings.ReplaceAll(object, "\t", " "), func(o map[string]any) {
		o["data"] = map[string]any{"password": "a-planted-secret-value", "more": "x"}
	}, nil, owned("kubectl-edit", "Update", of("f:data", "f:more")))

	assert.Empty(t, sent)
	assert.Equal(t, []string{"suspicious added ConfigMap shop/a .data.more kubectl-edit"}, found(report))
	assert.NotContains(t, report.Text(), "a-planted-secret-value")
}
