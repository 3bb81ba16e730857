package full

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// livePlane is a real control plane that runs.
type livePlane struct {
	*controlplane.ControlPlane
	t *testing.T
}

// in runs a subtest with the same control plane.
func (r livePlane) in(t *testing.T, name string, test func(livePlane)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { test(livePlane{r.ControlPlane, t}) })
}

// controlPlane are the programs of every control plane.
var controlPlane = []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}

// beside are the programs that run beside a control plane when every operator and the metrics are on.
var beside = []string{
	"argo-rollouts", "cloudnative-pg", "cloudnative-pg-instances", "external-secrets", "keda", "keda-metrics-apiserver",
	"sealed-secrets", "strimzi", "traefik", "eck", "metrics-server",
}

// TestOperatorsRunForReal starts one control plane with all operators, checks them one after the other, and finally
// checks that they stop when they are switched off.
func TestOperatorsRunForReal(t *testing.T) {
	t.Parallel()
	plane := everythingPlane(t)
	spec := controlplane.Spec{
		Namespaces: []string{"shop"}, IngressNamespaces: []string{"shop"},
		Simulation: controlplane.Simulation{Metrics: true, PodStartup: 2 * time.Second},
		Nodes:      []controlplane.Node{{Name: "one", CPU: "8", Memory: "32Gi"}, {Name: "two", CPU: "8", Memory: "32Gi"}},
	}
	for _, program := range operators.Programs() {
		spec.Programs = append(spec.Programs, program.Name)
	}
	t.Cleanup(func() { assert.NoError(t, plane.Stop(context.Background())) })
	require.NoError(t, plane.Start(t.Context(), spec, os.Stderr))

	var again strings.Builder
	require.NoError(t, plane.Start(t.Context(), spec, &again))
	assert.Empty(t, again.String(), "where nothing changed nothing is started")

	plane.apply(workloads)
	plane.in(t, "sockets", func(p livePlane) { p.listensOnLoopback(beside) })
	plane.in(t, "start-up", func(p livePlane) { p.takesItsTime(spec.PodStartup) })
	plane.in(t, "rollouts", livePlane.judgesRollouts)
	plane.in(t, "jobs", livePlane.failsMigrations)
	plane.in(t, "ingress", livePlane.publishesIngress)
	plane.in(t, "kinds", livePlane.servesKinds)
	plane.in(t, "metrics", livePlane.servesUsage)

	ran := plane.processes()
	spec.Programs, spec.Metrics = nil, false
	require.NoError(t, plane.Start(t.Context(), spec, os.Stderr))
	for _, name := range beside {
		require.NotZero(t, ran[name], "the control: %s ran", name)
		require.ErrorIs(t, syscall.Kill(ran[name], 0), syscall.ESRCH, "%s has ended", name)
	}
	plane.kubectl("delete", "namespace", "shop", "--timeout=60s")
	assert.Contains(t, plane.kubectl("get", "customresourcedefinitions", "--output=name"), "rollouts.argoproj.io",
		"objects would be lost with their kind")
}

// everythingPlane builds all components and returns a control plane that is not started yet.
func everythingPlane(t *testing.T) livePlane {
	t.Helper()
	l := local.Layout
	needed := slices.Concat(components.Always(), operators.Components(operator.Names()), components.Metrics())
	require.NoError(t, components.Build(t.Context(), l, needed, os.Stderr))
	l.Stacks = t.TempDir()
	return livePlane{controlplane.New(l, l.Stack("operators"), operators.Programs()...), t}
}

// processes returns the process IDs of the running components.
func (r livePlane) processes() map[string]int {
	r.t.Helper()
	components, err := r.Status(r.t.Context())
	require.NoError(r.t, err)
	ids := map[string]int{}
	for _, component := range components {
		ids[component.Name] = component.PID
	}
	return ids
}

// kubectl runs kubectl and returns its output.
func (r livePlane) kubectl(words ...string) string {
	r.t.Helper()
	printed, err := r.Kubectl(r.t.Context(), nil, words...)
	require.NoError(r.t, err)
	return strings.TrimSpace(string(printed))
}

func (r livePlane) apply(manifests string) {
	r.t.Helper()
	printed, err := r.Kubectl(r.t.Context(), strings.NewReader(manifests), "apply", "--filename=-")
	require.NoError(r.t, err, string(printed))
}

// becomes waits until a field of an object has a value.
func (r livePlane) becomes(kind, name, path, want string) {
	r.t.Helper()
	deadline := time.Now().Add(testbed.Patience)
	for {
		printed, err := r.Kubectl(r.t.Context(), nil, "get", kind, name, "--namespace=shop", "--output=jsonpath="+path)
		if err == nil && string(printed) == want {
			return
		}
		if time.Now().After(deadline) {
			require.Fail(r.t, "not in time", "%s of %s %s: %q (%v)", path, kind, name, printed, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// listensOnLoopback checks the sockets of the control plane and of the programs beside it.
func (r livePlane) listensOnLoopback(beside []string) {
	components, err := r.Status(r.t.Context())
	require.NoError(r.t, err)
	var names []string
	for _, component := range components {
		names = append(names, component.Name)
	}
	assert.ElementsMatch(r.t, slices.Concat(controlPlane, beside), names)
	for _, component := range components {
		assert.Equal(r.t, controlplane.Running, component.State, "%s: %s", component.Name, component.Problem)
		connections, err := gopsnet.ConnectionsPid("inet", int32(component.PID))
		require.NoError(r.t, err)
		found := 0
		for _, connection := range connections {
			if connection.Status == "LISTEN" || connection.Type == 2 { // SOCK_DGRAM has no state
				found++
				assert.True(r.t, net.ParseIP(connection.Laddr.IP).IsLoopback(), "%s: %s", component.Name, connection.Laddr)
			}
		}
		assert.NotZero(r.t, found, "the control: %s listens somewhere", component.Name)
	}
}

// podTimes holds the transition times of pods.
type podTimes struct {
	Items []struct {
		Metadata struct{ Name string }
		Status   struct {
			Conditions []struct {
				Type, Status       string
				LastTransitionTime time.Time
			}
		}
	}
}

func (r livePlane) takesItsTime(startup time.Duration) {
	r.becomes("rollout", "good", "{.status.phase}", "Healthy")
	var pods podTimes
	require.NoError(r.t, json.Unmarshal(
		[]byte(r.kubectl("get", "pods", "--namespace=shop", "--selector=app=good", "--output=json")), &pods))
	require.Len(r.t, pods.Items, 2)
	for _, pod := range pods.Items {
		at := map[string]time.Time{}
		for _, condition := range pod.Status.Conditions {
			at[condition.Type] = condition.LastTransitionTime
		}
		took := at["Ready"].Sub(at["PodScheduled"]) // in whole seconds
		assert.GreaterOrEqual(r.t, took+time.Second, startup, pod.Metadata.Name)
		assert.Less(r.t, took, startup+10*time.Second, pod.Metadata.Name)
	}
}

func (r livePlane) judgesRollouts() {
	r.becomes("rollout", "good", "{.status.phase}", "Healthy")
	r.becomes("rollout", "bad", "{.status.phase}", "Degraded")
	assert.Contains(r.t, r.kubectl("get", "rollout", "bad", "--namespace=shop", "--output=jsonpath={.status.message}"),
		"ProgressDeadlineExceeded")
}

func (r livePlane) failsMigrations() {
	r.becomes("job", "bad-migration", `{.status.conditions[?(@.type=="Failed")].status}`, "True")
	r.becomes("job", "good-migration", `{.status.succeeded}`, "1")
	ended := "{.items[0].status.containerStatuses[0].state.terminated"
	for field, want := range map[string]string{"exitCode": "1", "reason": "Error"} {
		assert.Equal(r.t, want, r.kubectl("get", "pods", "--namespace=shop", "--selector=job-name=bad-migration",
			"--output=jsonpath="+ended+"."+field+"}"))
	}
	r.becomes("deployment", "named-alike", "{.status.readyReplicas}", "1")
}

func (r livePlane) publishesIngress() {
	r.becomes("ingress", "shop", "{.status.loadBalancer.ingress[0].hostname}", "load-balancer.localhost")
	assert.Equal(r.t, "load-balancer.localhost", r.kubectl("get", "service", "traefik", "--namespace=traefik",
		"--output=jsonpath={.status.loadBalancer.ingress[0].hostname}"), "it is the published Service's")
	assert.Empty(r.t, r.kubectl("get", "ingress", "other-class", "--namespace=shop",
		"--output=jsonpath={.status.loadBalancer.ingress}"))
}

func (r livePlane) servesKinds() {
	kinds := r.kubectl("api-resources", "--output=name")
	for _, kind := range []string{
		"rollouts.argoproj.io", "analysistemplates.argoproj.io", "middlewares.traefik.io", "clusterissuers.cert-manager.io",
		"certificates.cert-manager.io", "challenges.acme.cert-manager.io",
	} {
		assert.Contains(r.t, kinds, kind)
	}
}

// servesUsage reads the metrics as kubectl and an autoscaler do. CPU usage is a rate between two measurements, and the
// interval between them is never exactly the assumed one.
func (r livePlane) servesUsage() {
	require.EventuallyWithT(r.t, func(c *assert.CollectT) {
		printed, err := r.Kubectl(r.t.Context(), nil, "get", "--raw", "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods")
		if !assert.NoError(c, err) {
			return
		}
		var usage podUsage
		assert.NoError(c, json.Unmarshal(printed, &usage))
		assert.Equal(c, 2, usage.of("good", resource.MustParse("200m"), resource.MustParse("64Mi")), "%s", printed)
		assert.NotZero(c, usage.of("named-alike", resource.MustParse("0"), resource.MustParse("1Mi")), "%s", printed)
	}, testbed.Patience, time.Second)
	assert.Contains(r.t, r.kubectl("top", "nodes"), "one")
}

// podUsage is an answer of the metrics API.
type podUsage struct {
	Items []struct {
		Metadata   struct{ Labels map[string]string }
		Containers []struct {
			Usage struct{ CPU, Memory resource.Quantity }
		}
	}
}

// of counts the pods of an app that use at least this much CPU and at most half as much again, and exactly this much
// memory.
func (u podUsage) of(app string, cpu, memory resource.Quantity) int {
	found := 0
	for _, pod := range u.Items {
		for _, container := range pod.Containers {
			used := container.Usage.CPU.MilliValue()
			if pod.Metadata.Labels["app"] == app && used >= cpu.MilliValue() && used <= cpu.MilliValue()*3/2+10 &&
				container.Usage.Memory.Equal(memory) {
				found++
			}
		}
	}
	return found
}

// workloads are good and bad workloads.
const workloads = `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: good, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: good}}
  strategy: {blueGreen: {activeService: good}}
  template:
    metadata:
      labels: {app: good}
      annotations: {kwok.x-k8s.io/usage-cpu: 250m, kwok.x-k8s.io/usage-memory: 64Mi}
    spec:
      containers: [{name: app, image: "registry.example.com/good:1", resources: {requests: {cpu: 100m, memory: 64Mi}}}]
---
apiVersion: v1
kind: Service
metadata: {name: good, namespace: shop}
spec:
  selector: {app: good}
  ports: [{port: 80}]
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: bad, namespace: shop}
spec:
  progressDeadlineSeconds: 5
  replicas: 1
  selector: {matchLabels: {app: bad}}
  strategy: {canary: {}}
  template:
    metadata: {labels: {app: bad}}
    spec:
      containers: [{name: app, image: "registry.example.com/never-ready:1"}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: good-migration, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "registry.example.com/good:1"}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: bad-migration, namespace: shop}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "registry.example.com/migration-fails:1"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: named-alike, namespace: shop}
spec:
  selector: {matchLabels: {app: named-alike}}
  template:
    metadata: {labels: {app: named-alike}}
    spec:
      containers: [{name: app, image: "registry.example.com/migration-fails:1"}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: traefik
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: good, port: {number: 80}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: other-class, namespace: shop}
spec:
  ingressClassName: other
  rules:
  - http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: good, port: {number: 80}}}}]}
`
