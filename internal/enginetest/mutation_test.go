package enginetest

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// mutation is a change to an object of the platform by another client.
type mutation struct {
	// object is the kind and the name as kubectl takes them, resource the logical name.
	object, resource string
	// does holds the arguments of kubectl; OBJECT stands for the object. None of them contains a space.
	does string
	// field is the JSONPath of the changed field. If it is empty, the object is gone.
	field string
}

const (
	merge     = "patch OBJECT --type=merge --patch="
	strategic = "patch OBJECT --type=strategic --patch="
	list      = "patch OBJECT --type=json --patch="
	label     = "label OBJECT --overwrite "
	lost      = "delete OBJECT"
	// byLens is a client that is not called kubectl: an apply takes over no field of such a client unless it is forced
	// (https://github.com/lensapp/lens/issues/8284).
	byLens = " --field-manager=node-fetch"
	ofAuth = "app.kubernetes.io/name=auth-service"
)

// mutations change every kind of object that the platform has in this stack. They include no mere additions: the
// provider compares only the program's own keys of a live object, and as many elements of a list.
var mutations = []mutation{
	{"deployment/ai-tutor-service", "ai-tutor-deployment", strategic + `{"spec":{"template":{"spec":{"containers":[` +
		`{"name":"ai-tutor-service","securityContext":{"readOnlyRootFilesystem":false}}]}}}}` + byLens,
		"{.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem}"},
	{"deployment/analytics-service", "analytics-deployment", lost, ""},
	{"deployment/assessment-service", "assessment-deployment", "set resources OBJECT --limits=cpu=2",
		"{.spec.template.spec.containers[0].resources.limits.cpu}"},
	{"deployment/auth-service", "auth-deployment", "set image OBJECT auth-service=dreamseed/auth-service:hotfix",
		"{.spec.template.spec.containers[0].image}"},
	{"deployment/content-service", "content-deployment", "set serviceaccount OBJECT default",
		"{.spec.template.spec.serviceAccountName}"},
	{"deployment/payment-service", "payment-deployment", merge + `{"spec":{"strategy":{"rollingUpdate":` +
		`{"maxUnavailable":1}}}}`, "{.spec.strategy.rollingUpdate.maxUnavailable}"},
	{"deployment/user-service", "user-deployment", merge + `{"spec":{"revisionHistoryLimit":1}}` + byLens,
		"{.spec.revisionHistoryLimit}"},
	{"service/auth-service", "auth-service", merge + `{"spec":{"selector":{"app.kubernetes.io/name":"payment-service"}}}`,
		"{.spec.selector}"},
	{"service/content-service", "content-service", list + `[{"op":"replace","path":"/spec/ports/0/targetPort","value":9}]`,
		"{.spec.ports[0].targetPort}"},
	{"service/payment-service", "payment-service", merge + `{"spec":{"type":"NodePort"}}` + byLens, "{.spec.type}"},
	{"service/user-service", "user-service", lost, ""},
	{"hpa/auth-service", "auth-autoscaler", merge + `{"spec":{"maxReplicas":9}}`, "{.spec.maxReplicas}"},
	{"hpa/user-service", "user-autoscaler", merge + `{"spec":{"minReplicas":1}}` + byLens, "{.spec.minReplicas}"},
	{"hpa/content-service", "content-autoscaler", list + `[{"op":"replace","value":9,` +
		`"path":"/spec/metrics/0/resource/target/averageUtilization"}]`,
		"{.spec.metrics[0].resource.target.averageUtilization}"},
	{"hpa/payment-service", "payment-autoscaler", lost, ""},
	{"pdb/auth-service", "auth-disruption-budget", merge + `{"spec":{"minAvailable":0}}`, "{.spec.minAvailable}"},
	{"networkpolicy/default-deny", "services-default-deny", merge + `{"spec":{"policyTypes":["Ingress"]}}`,
		"{.spec.policyTypes}"},
	{"networkpolicy/allow-dns", "services-allow-dns", list + `[{"op":"replace","value":"0.0.0.0/0",` +
		`"path":"/spec/egress/2/to/0/ipBlock/cidr"}]`, "{.spec.egress[2].to[0].ipBlock.cidr}"},
	{"networkpolicy/allow-payment-egress", "services-allow-payment-egress", list + `[{"op":"replace","value":22,` +
		`"path":"/spec/egress/0/ports/0/port"}]` + byLens, "{.spec.egress[0].ports[0].port}"},
	{"networkpolicy/allow-scrape", "services-allow-scrape", lost, ""},
	{"namespace/dreamseed-local", "services-namespace", label + "pod-security.kubernetes.io/enforce=privileged",
		"{.metadata.labels}"},
	{"namespace/dreamseed-monitoring", "monitoring-namespace", label + "pod-security.kubernetes.io/enforce-",
		"{.metadata.labels}"},
	{"resourcequota/quota", "services-quota", merge + `{"spec":{"hard":{"pods":"1000"}}}`, "{.spec.hard.pods}"},
	{"limitrange/limits", "services-limits", list + `[{"op":"replace","path":"/spec/limits/0/default/memory",` +
		`"value":"8Gi"}]`, "{.spec.limits[0].default.memory}"},
	{"serviceaccount/auth-service", "auth-account", merge + `{"automountServiceAccountToken":true}`,
		"{.automountServiceAccountToken}"},
	{"serviceaccount/user-service", "user-account", label + "app.kubernetes.io/part-of=theirs", "{.metadata.labels}"},
	{"priorityclass/dreamseed-critical", "dreamseed-critical-priority", label + "app.kubernetes.io/part-of=theirs",
		"{.metadata.labels}"},
	{"job --selector=" + ofAuth + "-migration", "auth-migration", label + "app.kubernetes.io/managed-by=hand",
		"{.items[*].metadata.labels}"},
	{"configmap --selector=" + ofAuth, "auth-config", label + "app.kubernetes.io/managed-by=hand" + byLens,
		"{.items[*].metadata.labels}"},
	{"externalsecret/auth-secrets-database-url", "auth-secrets-read-DATABASE_URL", list + `[{"op":"replace",` +
		`"path":"/spec/data/0/remoteRef/key","value":"dreamseed-local-payment-database-url"}]` + byLens,
		"{.spec.data[0].remoteRef.key}"},
	{"externalsecret/user-secrets-database-url", "user-secrets-read-DATABASE_URL", merge +
		`{"spec":{"refreshInterval":"24h"}}`, "{.spec.refreshInterval}"},
	{"secretstore/auth-secrets", "auth-secrets-store", merge + `{"spec":{"provider":{"kubernetes":` +
		`{"remoteNamespace":"default"}}}}`, "{.spec.provider.kubernetes.remoteNamespace}"},
	{"role/dreamseed-local-auth-secrets --namespace=secret-manager", "auth-secrets-reader-role", list +
		`[{"op":"replace","path":"/rules/0/verbs/0","value":"delete"}]`, "{.rules[0].verbs}"},
	{"rolebinding/dreamseed-local-auth-secrets --namespace=secret-manager", "auth-secrets-reader-binding", list +
		`[{"op":"replace","path":"/subjects/0/name","value":"default"}]`, "{.subjects[0].name}"},
}

// happens makes the change.
func (m mutation) happens(t *testing.T, s *subject) {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(m.does, "OBJECT", m.object))
	s.Kubectl(t, slices.Insert(words, 1, "--namespace="+s.Namespace())...)
}

// live returns the live value of the changed field.
func (m mutation) live(t *testing.T, s *subject) string {
	t.Helper()
	words := append([]string{"get", "--namespace=" + s.Namespace()}, strings.Fields(m.object)...)
	return s.Kubectl(t, append(words, "--ignore-not-found", "--output=jsonpath="+cmp.Or(m.field, "{.kind}"))...)
}

func found(t *testing.T, s *subject) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, one := range mutations {
		values[one.resource] = one.live(t, s)
	}
	return values
}

func TestWhatAnotherHandChangedIsSeenByARefreshingPreviewAndTakenBackByOneUp(t *testing.T) {
	drifting.AsTracked(t)
	before := found(t, drifting)
	var resources []string
	for _, one := range mutations {
		resources = append(resources, one.resource)
		one.happens(t, drifting)
	}
	slices.Sort(resources)
	assert.Len(t, testbed.Differing(before, found(t, drifting)), len(mutations),
		"the control: each of them is another now")

	drifted := drifting.Preview(t, testbed.WithLiveObjects)

	assert.Equal(t, resources, testbed.Changed(drifted), "each is named, and nothing else")
	assert.Equal(t, 4, drifted.Counts[apitype.OpCreate], "what was deleted")

	byHand := drifting.Pulumi(t, drifting.Box.Project(), nil, "preview", "--refresh", "--stack", drifting.Stack.Name)

	require.NoError(t, byHand.Err, byHand.Output)

	drifting.Up(t, testbed.Tracked)

	assert.Equal(t, before, found(t, drifting))
	assert.Zero(t, drifting.Preview(t, testbed.WithLiveObjects).Changes())
}
