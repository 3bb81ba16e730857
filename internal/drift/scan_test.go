package drift

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/runtime"
)

const namespaceShop = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}`

const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-egress, namespace: shop, labels: {app.kubernetes.io/part-of: dreamseed}}
spec:
  podSelector: {matchLabels: {app: payment}}
  policyTypes: [Egress]
  egress: [{ports: [{port: 443, protocol: TCP}]}]`

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: payment, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: payment}}
  template:
    metadata: {labels: {app: payment}}
    spec:
      containers:
      - name: payment
        image: payment:1
        env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: LEVEL}}}]
        resources: {requests: {cpu: "0.5", memory: 1024Mi}}`

const service = `
apiVersion: v1
kind: Service
metadata: {name: payment, namespace: shop}
spec:
  selector: {app: payment}
  ports: [{name: http, port: 80}]`

// owned is the entry of a manager. Its fields are written as the API server writes them
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
func owned(by, operation string, fields map[string]any) map[string]any {
	return map[string]any{
		"manager": by, "operation": operation, "apiVersion": "v1", "time": "2026-11-27T05:21:48Z",
		"fieldsType": "FieldsV1", "fieldsV1": fields,
	}
}

type fields = map[string]any

// of returns the fields below a path, with nothing at its end.
func of(path ...string) fields {
	if len(path) == 0 {
		return fields{}
	}
	return fields{path[0]: of(path[1:]...)}
}

// alive returns an object as it is in the cluster after changes, with its owners.
func alive(object map[string]any, change func(map[string]any), owners ...map[string]any) map[string]any {
	object = runtime.DeepCopyJSON(object)
	change(object)
	metadata := object["metadata"].(map[string]any)
	metadata["uid"] = object["kind"].(string) + "-" + metadata["name"].(string)
	entries := []any{}
	for _, one := range owners {
		entries = append(entries, one)
	}
	metadata["managedFields"] = entries
	return object
}

// ours is the entry of the program's own apply.
func ours() map[string]any { return owned(manager, "Apply", fields{}) }

func untouched(map[string]any) {}

func spec(of map[string]any) map[string]any { return of["spec"].(map[string]any) }

func container(of map[string]any) map[string]any {
	pods := spec(spec(of)["template"].(map[string]any))
	return pods["containers"].([]any)[0].(map[string]any)
}

var inContainer = []string{"f:spec", "f:template", "f:spec", "f:containers", `k:{"name":"payment"}`}

func TestWhatOthersOwnInAnObjectOfTheProgramIsFound(t *testing.T) {
	cases := map[string]struct {
		object string
		change func(map[string]any)
		owners []map[string]any
		want   []string
		reason string
	}{
		"nothing": {deployment, untouched, nil, []string{}, "the control"},
		"a rule at the end of a list": {policy, func(o map[string]any) {
			spec(o)["egress"] = append(spec(o)["egress"].([]any), map[string]any{})
		}, []map[string]any{owned("kubectl-patch", "Update", of("f:spec", "f:egress"))},
			[]string{"dangerous changed NetworkPolicy.networking.k8s.io shop/allow-egress .spec.egress kubectl-patch"},
			"the API server owns the list as one field"},
		"an injected variable": {deployment, func(o map[string]any) {
			container(o)["env"] = append(container(o)["env"].([]any), map[string]any{"name": "X", "value": "1"})
		}, []map[string]any{owned("kubectl-set", "Update", of(append(inContainer, "f:env", `k:{"name":"X"}`, "f:value")...))},
			[]string{`suspicious added Deployment.apps shop/payment ` +
				`.spec.template.spec.containers[name="payment"].env[name="X"] kubectl-set`}, "the list item is one finding"},
		"the same value twice": {deployment, untouched,
			[]map[string]any{owned("kubectl-edit", "Update", of(append(inContainer, "f:image")...))}, []string{},
			"a shared field deviates from nothing"},
		"a status": {service, func(o map[string]any) { o["status"] = map[string]any{"loadBalancer": "here"} },
			[]map[string]any{owned("anybody", "Update", of("f:status", "f:loadBalancer"))}, []string{},
			"it belongs to controllers"},
		"a removed field": {deployment, func(o map[string]any) { delete(container(o), "resources") }, nil,
			[]string{`suspicious removed Deployment.apps shop/payment ` +
				`.spec.template.spec.containers[name="payment"].resources`}, "nobody owns what is not there"},
		"another way to write a quantity": {deployment, func(o map[string]any) {
			container(o)["resources"] = map[string]any{"requests": map[string]any{"cpu": "500m", "memory": "1Gi"}}
		}, nil, []string{}, "the API server writes it its own way"},
		"a default": {service, func(o map[string]any) {
			spec(o)["type"] = "ClusterIP"
			spec(o)["ports"].([]any)[0].(map[string]any)["protocol"] = "TCP"
		}, nil, []string{}, "the API server fills it in, and nobody owns it"},
		"a key of a selector": {service, func(o map[string]any) {
			spec(o)["selector"] = map[string]any{"app": "payment", "rollouts-pod-template-hash": "1", "none": "such"}
		}, []map[string]any{owned("rollouts-controller", "Update", of("f:spec", "f:selector"))},
			[]string{"dangerous added Service shop/payment .spec.selector.none rollouts-controller"},
			"Argo Rollouts owns the whole selector and may write one key"},
		"under the program's name": {service, func(o map[string]any) { spec(o)["externalIPs"] = []any{"192.0.2.1"} },
			[]map[string]any{owned(manager, "Apply", of("f:spec", "f:externalIPs"))},
			[]string{"dangerous added Service shop/payment .spec.externalIPs " + manager},
			"a name proves nothing: the inputs do not have it"},
		"another value under the program's name": {deployment, func(o map[string]any) { container(o)["image"] = "evil:1" },
			[]map[string]any{owned(manager, "Apply", of(append(inContainer, "f:image")...))},
			[]string{`dangerous changed Deployment.apps shop/payment .spec.template.spec.containers[name="payment"].image`},
			"it is compared with the inputs"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			made := objectsOf(t, namespaceShop+"\n---\n"+tt.object)
			live := &cluster{objects: []map[string]any{
				alive(made[0], untouched, ours()), alive(made[1], tt.change, append(tt.owners, ours())...),
			}}
			assert.Equal(t, tt.want, found(look(t, made, live)), tt.reason)
		})
	}
}

func TestAnObjectThatIsGoneOrMadeAgainIsFound(t *testing.T) {
	made := objectsOf(t, namespaceShop+"\n---\n"+service+"\n---\n"+policy)
	again := alive(made[2], untouched, owned("kubectl-create", "Update", of("f:spec", "f:podSelector")))

	report := look(t, made, &cluster{objects: []map[string]any{alive(made[0], untouched, ours()), again}})

	assert.Equal(t, []string{
		"dangerous replaced NetworkPolicy.networking.k8s.io shop/allow-egress kubectl-create",
		"dangerous gone Service shop/payment",
	}, found(report))
}

func TestAReplicaCountIsBenignWithinTheBoundsOfTheProgramsAutoscaler(t *testing.T) {
	autoscaler := `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: payment, namespace: shop}
spec: {minReplicas: 2, maxReplicas: 5, scaleTargetRef: {kind: Deployment, name: payment}}`
	scaled := []string{"suspicious changed Deployment.apps shop/payment .spec.replicas kube-controller-manager"}
	for name, tt := range map[string]struct {
		objects string
		count   int64
		want    []string
	}{
		"at its upper bound":    {deployment + "\n---\n" + autoscaler, 5, []string{}},
		"above its upper bound": {deployment + "\n---\n" + autoscaler, 6, scaled},
		"below its lower bound": {deployment + "\n---\n" + autoscaler, 1, scaled},
		"without an autoscaler": {deployment, 5, scaled},
	} {
		t.Run(name, func(t *testing.T) {
			made := objectsOf(t, namespaceShop+"\n---\n"+tt.objects)
			count := owned("kube-controller-manager", "Update", of("f:spec", "f:replicas"))
			live := &cluster{objects: []map[string]any{alive(made[0], untouched, ours()), alive(made[1], func(o map[string]any) {
				spec(o)["replicas"] = tt.count
			}, count, ours())}}
			report := look(t, made, live)
			report.Findings = slices.DeleteFunc(report.Findings, func(one Finding) bool { return one.Change == Gone })
			assert.Equal(t, tt.want, found(report))
		})
	}
}

func TestSecretsAreReadWithoutTheirValues(t *testing.T) {
	made := objectsOf(t, namespaceShop)
	live := &cluster{objects: []map[string]any{alive(made[0], untouched, ours())}}

	look(t, made, live)

	assert.Equal(t, []string{"/api/v1/secrets?limit=500"}, live.metadata)
	assert.Contains(t, live.read, "/api/v1/configmaps?limit=500", "the control: others are read whole")
	assert.NotContains(t, live.read, "/api/v1/nodes?limit=500", "nodes come and go with the cluster")
}

func TestAKindThatTheIdentityMayNotListIsSaid(t *testing.T) {
	made := objectsOf(t, namespaceShop+"\n---\n"+deployment)
	live := &cluster{objects: []map[string]any{alive(made[0], untouched, ours())}}
	live.refuses = map[string]bool{"secrets": true, "deployments": true}

	report := look(t, made, live)

	assert.Equal(t, []string{"Deployment.apps: the identity may not list it"}, report.Incomplete)
	assert.Equal(t, []string{"Secret: the identity may not list it"}, report.LeftOut, "a good identity may not")
	assert.Empty(t, found(report), "what was not seen is not gone")
	assert.Contains(t, report.Text(), "not looked at: Deployment.apps")
}
