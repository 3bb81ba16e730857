package full

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox/load"
)

// hook is a receiver of alerts on this machine.
type hook struct {
	*httptest.Server
	lock   sync.Mutex
	alerts []map[string]string
}

func newHook(t *testing.T) *hook {
	t.Helper()
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var told struct {
			Status string
			Alerts []struct{ Labels map[string]string }
		}
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&told))
		h.lock.Lock()
		defer h.lock.Unlock()
		for _, one := range told.Alerts {
			if told.Status == "firing" {
				h.alerts = append(h.alerts, one.Labels)
			}
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// told returns the alerts of this name for a service.
func (h *hook) told(alert, service string) []map[string]string {
	h.lock.Lock()
	defer h.lock.Unlock()
	var found []map[string]string
	for _, one := range h.alerts {
		if one["alertname"] == alert && one["service"] == service {
			found = append(found, one)
		}
	}
	return found
}

// watch configures two replicas of Prometheus and Alertmanager, a receiver, users of Grafana, and VictoriaLogs with the
// smallest buffer on each node.
func watch(c testbed.Configuration) {
	c["dreamseed:secrets"] = map[string]any{"refreshSeconds": 1}
	c["dreamseed:ingress"] = map[string]any{"host": "dreamseed.localhost", "issuer": "selfSigned"}
	c["dreamseed:logs"] = map[string]any{"store": "victoriaLogs", "storage": "5Gi", "retentionDays": 1, "buffer": "64Mi"}
	c["dreamseed:monitoring"] = map[string]any{
		"replicas":  2,
		"receivers": []any{map[string]any{"name": "hook", "kind": "webhook", "secret": "HOOK_URL"}},
		"routes":    map[string]any{"page": "hook"},
		"grafana":   map[string]any{"host": grafanaHost, "users": "GRAFANA_USERS"},
		"secrets":   map[string]any{"HOOK_URL": map[string]any{}, "GRAFANA_USERS": map[string]any{}},
	}
}

// TestMonitoringWatchesTheStack runs the real Prometheus and Alertmanager with what the stack deployed: files, rights
// and addresses.
func TestMonitoringWatchesTheStack(t *testing.T) {
	watched.Taken(t).Closed(t)
	watched.Box.Monitoring = true
	watched.Box.Simulation.Metrics = true // without, no autoscaler is active, which fires after five minutes
	receiver := newHook(t)
	watched.Up(t, watchedWith("v1"))
	tellMonitoring(t, "HOOK_URL", receiver.URL)
	address := addressOf(t, watched, "prometheus-a", "9090")

	t.Run("promtool accepts what is deployed", acceptsWhatIsDeployed)
	t.Run("Grafana is behind a password", asksForAPassword)
	t.Run("every target is up", func(t *testing.T) {
		prometheus := promClient{t, address}
		eventually(t, func() string { return missingTargets(prometheus.targets()) })
	})
	t.Run("every rule is evaluated", func(t *testing.T) {
		prometheus := promClient{t, address}
		eventually(t, func() string { return unevaluated(prometheus.rules()) })
	})
	t.Run("lines are kept", keepsLines) // a collector counts nothing before it has read a line
	t.Run("every query selects series that something produces", func(t *testing.T) {
		prometheus := promClient{t, address}
		queries := append(drawn(t), analysed(t)...)
		for _, one := range prometheus.rules() {
			queries = append(queries, one.Query)
		}
		prometheus.nothingFires()
		prometheus.selectsWhatIsThere(queries)
		prometheus.groupsByWhatIsThere(queries)
		readsEveryRecording(t, prometheus.rules(), queries)
	})
	t.Run("no route passes without a service", failsTheSmokeTest)
	t.Run("a failure pages once", func(t *testing.T) { pagesOnce(t, receiver) })
	t.Run("its status names what fires", func(t *testing.T) { tellsWhatFires(t, address) })
	t.Run("a canary that fails is stopped", stopsACanary)
	t.Run("pods follow requests", scalesByRequests)
	t.Run("no line is lost", losesNoLines)
	t.Run("without the right to list pods it finds none", findsNothingWithoutRights)
	t.Run("its volumes grow in place", growsVolumesInPlace)
	t.Run("drift is found and taken back", findsDriftOfTheRest)
	t.Run("nothing is left of it", func(t *testing.T) {
		watched.Destroy(t)
		assert.Empty(t, watched.PlatformObjects(t))
	})
}

// findsNothingWithoutRights takes a right from the second Prometheus and starts it again: a watch that runs survives
// the loss.
func findsNothingWithoutRights(t *testing.T) {
	const namespace = "dreamseed-local"
	watched.Kubectl(t, "delete", "rolebinding", "prometheus", "--namespace="+namespace)
	watched.Kubectl(t, "delete", "pods", "--namespace=dreamseed-monitoring",
		"--selector=app.kubernetes.io/name=prometheus,app.kubernetes.io/instance=prometheus-b")
	eventually(t, func() string {
		address, found := listensAt(t, watched, "prometheus-b", "9090")
		if !found {
			return "the second Prometheus does not listen"
		}
		up := map[string]int{}
		targets, err := promClient{t, address}.tryTargets()
		for _, one := range targets {
			if one.Health == "up" {
				up[one.Labels["job"]]++
			}
		}
		if err != nil || up["kubelet"] == 0 {
			return fmt.Sprintf("the second Prometheus scrapes nothing yet: %v, %v", up, err)
		}
		if up["services"] > 0 {
			return fmt.Sprintf("it still scrapes the services: %v", up)
		}
		return ""
	})
}

// tellMonitoring writes a value into the secret manager, where a credential of the monitoring is read from.
func tellMonitoring(t *testing.T, key, value string) {
	t.Helper()
	cfg, err := config.FromStackFile(watched.Project, watched.Stack.Name)
	require.NoError(t, err)
	watched.Kubectl(t, "patch", "secret", cfg.Cluster.SecretName("monitoring", key),
		"--namespace="+cluster.SecretNamespace, "--type=merge",
		"--patch="+fmt.Sprintf(`{"stringData":{%q:%q}}`, cluster.SecretProperty, value))
}

// perJob is the number of targets of each scrape job of the local stack.
var perJob = map[string]int{
	"services": 13, "kube-state-metrics": 2, "node-exporter": 6, "kubelet": 6, "kubelet-volumes": 6,
	"prometheus": 2, "alertmanager": 2, "log-collector": 6, "victoria-logs": 1,
}

// missingTargets returns why not every target is up. No Grafana can run here: its target is down.
func missingTargets(targets []scrapeTarget) string {
	up := map[string]int{}
	for _, one := range targets {
		job := one.Labels["job"]
		switch {
		case job == "grafana":
		case one.Health == "up":
			up[job]++
		default:
			return fmt.Sprintf("%v is %s: %s", one.Labels, one.Health, one.LastError)
		}
	}
	for job, want := range perJob {
		if up[job] != want {
			return fmt.Sprintf("%d targets of %s are up, not %d", up[job], job, want)
		}
	}
	return ""
}

// unevaluated returns a rule without an outcome.
func unevaluated(rules []evaluatedRule) string {
	for _, one := range rules {
		if one.Health != "ok" {
			return fmt.Sprintf("%s is %s: %s", one.Name, one.Health, one.LastError)
		}
	}
	if len(rules) < 200 {
		return fmt.Sprintf("only %d rules", len(rules))
	}
	return ""
}

// pagesOnce makes a service fail, and expects one page from two Prometheus and two Alertmanagers.
func pagesOnce(t *testing.T, receiver *hook) {
	t.Helper()
	failing := []load.Rule{{
		Labels: map[string]string{"app.kubernetes.io/name": "auth-service"},
		Load:   load.Load{RequestsPerSecond: 20, ErrorShare: 0.5, Latency: 10 * time.Millisecond},
	}}
	require.NoError(t, watched.Box.SetLoad(t.Context(), failing))
	eventually(t, func() string {
		if len(receiver.told("ServiceAvailabilityBudgetBurn", "auth-service")) == 0 {
			return "nobody was told that auth-service fails"
		}
		return ""
	})
	told := receiver.told("ServiceAvailabilityBudgetBurn", "auth-service")
	for _, one := range told {
		assert.Equal(t, "page", one["severity"])
		assert.NotContains(t, one, "replica", "or each alert would arrive from each Prometheus")
	}
	windows := map[string]int{}
	for _, one := range told {
		windows[one["window"]]++
	}
	for window, times := range windows {
		assert.Equal(t, 1, times, "the page of %s comes once", window)
	}
	assert.Empty(t, slices.DeleteFunc(receiver.names(), func(name string) bool {
		return strings.HasPrefix(name, "ServiceAvailabilityBudgetBurn auth-service")
	}), "the control: no other service fails")
}

// names returns the pages by alert and service.
func (h *hook) names() []string {
	h.lock.Lock()
	defer h.lock.Unlock()
	var all []string
	for _, one := range h.alerts {
		if strings.HasSuffix(one["alertname"], "BudgetBurn") {
			all = append(all, one["alertname"]+" "+one["service"])
		}
	}
	return all
}
