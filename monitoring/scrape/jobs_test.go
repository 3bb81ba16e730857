package scrape_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/monitoring/scrape/scrapetest"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestEachProgramHasOneJob(t *testing.T) {
	var names []string
	for _, one := range prometheusYML(t, scrapetest.Example()).ScrapeConfigs {
		names = append(names, one.Name)
	}
	assert.ElementsMatch(t, []string{
		contract.JobServices, contract.JobKubeStateMetrics, contract.JobNodeExporter, contract.JobKubelet,
		contract.JobKubeletVolumes, "argo-rollouts", "traefik", contract.JobPrometheus, contract.JobAlertmanager,
		contract.JobGrafana, contract.JobPostgres, contract.JobRedis,
	}, names)
}

func TestEveryJobIsBounded(t *testing.T) {
	for _, one := range prometheusYML(t, scrapetest.Example()).ScrapeConfigs {
		t.Run(one.Name, func(t *testing.T) {
			assert.Positive(t, one.SampleLimit)
			assert.Positive(t, one.TargetLimit)
			assert.Regexp(t, `^[1-9][0-9]*MB$`, one.BodySizeLimit)
			assert.Positive(t, one.LabelLimit)
			assert.Positive(t, one.LabelValueLengthLimit)
		})
	}
}

// A canary's pod is judged from its second scrape on, which has to be within its first step: 30 seconds by default.
func TestServicesAreScrapedTwiceWithinAStep(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	interval, err := time.ParseDuration(file.job(t, contract.JobServices).Interval)
	require.NoError(t, err)
	service, found := catalogue.Lookup("auth")
	require.True(t, found)
	assert.LessOrEqual(t, 2*interval, time.Duration(service.Release.Canary.StepSeconds)*time.Second)
}

// A Role in each namespace suffices for the watch of its pods. Only the nodes are in no namespace.
func TestPodsAreFoundInOneNamespaceByJob(t *testing.T) {
	args := scrapetest.Example()
	file, agents := prometheusYML(t, args), args.NodeAgentsNamespace
	for name, namespace := range map[string]string{
		contract.JobServices: args.ServicesNamespace, contract.JobNodeExporter: agents,
		"argo-rollouts": "argo-rollouts", "traefik": "traefik",
		contract.JobPostgres: args.ServicesNamespace, contract.JobRedis: args.ServicesNamespace,
		contract.JobKubeStateMetrics: args.MonitoringNamespace, contract.JobPrometheus: args.MonitoringNamespace,
		contract.JobAlertmanager: args.MonitoringNamespace, contract.JobGrafana: args.MonitoringNamespace,
	} {
		assert.True(t, file.job(t, name).scrapesPods(t), name)
		assert.Equal(t, []string{namespace}, file.job(t, name).namespaces(t), name)
	}
	for _, name := range []string{contract.JobKubelet, contract.JobKubeletVolumes} {
		assert.Equal(t, []discovery{{Role: "node"}}, file.job(t, name).Discoveries, name)
	}
}

func TestPodsThatServeNoLongerOrNotYetAreNoTargets(t *testing.T) {
	dropped := step{
		Source: []string{"__meta_kubernetes_pod_phase"}, Regex: "Succeeded|Failed|Pending", Action: "drop",
	}
	var checked int
	for _, one := range prometheusYML(t, scrapetest.Example()).ScrapeConfigs {
		if !one.scrapesPods(t) {
			continue
		}
		checked++
		assert.Contains(t, one.Targets, dropped, one.Name)
	}
	assert.Equal(t, 10, checked)
}

func TestServicesAreScrapedByTheirAnnotations(t *testing.T) {
	steps := prometheusYML(t, scrapetest.Example()).job(t, contract.JobServices).Targets
	for _, want := range []step{
		{Source: []string{"__meta_kubernetes_pod_annotation_prometheus_io_scrape"}, Regex: "true", Action: "keep"},
		{
			Source:    []string{"__meta_kubernetes_pod_ip", "__meta_kubernetes_pod_annotation_prometheus_io_port"},
			Separator: ":", Regex: `(.+:\d+)`, Target: "__address__",
		},
		{
			Source: []string{"__meta_kubernetes_pod_annotation_prometheus_io_path"},
			Regex:  "(.+)", Target: "__metrics_path__",
		},
	} {
		assert.Contains(t, steps, want)
	}
}

func TestOnlyServicesMayLeaveOutTheContentType(t *testing.T) {
	for _, one := range prometheusYML(t, scrapetest.Example()).ScrapeConfigs {
		if one.Name == contract.JobServices {
			assert.Equal(t, "PrometheusText0.0.4", one.Fallback)
			continue
		}
		assert.Empty(t, one.Fallback, one.Name)
	}
}

// podLabels are the contract's labels of every pod.
var podLabels = []step{
	{Source: []string{"__meta_kubernetes_namespace"}, Target: "namespace"},
	{Source: []string{"__meta_kubernetes_pod_name"}, Target: "pod"},
	{Source: []string{"__meta_kubernetes_pod_node_name"}, Target: "node"},
	{Source: []string{"__meta_kubernetes_pod_label_app_kubernetes_io_name"}, Target: "service"},
}

// version is the label that tells two releases of a service apart.
var version = step{
	Source: []string{"__meta_kubernetes_pod_label_rollouts_pod_template_hash"}, Target: "rollouts_pod_template_hash",
}

func TestSeriesOfAPodNameIt(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	for _, name := range []string{
		contract.JobServices, "argo-rollouts", "traefik", contract.JobPrometheus, contract.JobAlertmanager,
		contract.JobGrafana, contract.JobPostgres, contract.JobRedis,
	} {
		assert.Subset(t, file.job(t, name).Targets, podLabels, name)
	}
	assert.Contains(t, file.job(t, contract.JobServices).Targets, version)
}

// A new pod of these programs goes on with the series of the former one.
func TestSeriesAboutOtherObjectsDoNotNameThePodThatServesThem(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	for _, name := range []string{
		contract.JobKubeStateMetrics, contract.JobNodeExporter, contract.JobKubelet, contract.JobKubeletVolumes,
	} {
		for _, one := range file.job(t, name).Targets {
			assert.NotContains(t, []string{"namespace", "pod", "service"}, one.Target, name)
		}
	}
}

func TestSeriesOfANodeNameItWhicheverPodServesThem(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	for name, source := range map[string]string{
		contract.JobNodeExporter:   "__meta_kubernetes_pod_node_name",
		contract.JobKubelet:        "__meta_kubernetes_node_name",
		contract.JobKubeletVolumes: "__meta_kubernetes_node_name",
	} {
		assert.Subset(t, file.job(t, name).Targets, []step{
			{Source: []string{source}, Target: "node"}, {Source: []string{source}, Target: "instance"},
		}, name)
	}
}

// A metric of an operator, or of kube-state-metrics, names the object that it describes: with the labels of its pod in
// place of these, it would be about the pod.
func TestMetricsAboutOtherObjectsKeepTheirLabels(t *testing.T) {
	honoured := map[string]bool{contract.JobKubeStateMetrics: true, "argo-rollouts": true, "traefik": true}
	for _, one := range prometheusYML(t, scrapetest.Example()).ScrapeConfigs {
		assert.Equal(t, honoured[one.Name], one.HonorLabels, one.Name)
	}
}

func TestAServicesOwnNameForItselfIsRemovedFromTheContractsMetricsAlone(t *testing.T) {
	steps := prometheusYML(t, scrapetest.Example()).job(t, contract.JobServices).Metrics
	var removed []string
	for _, one := range steps {
		require.Equal(t, []string{"__name__"}, one.Source)
		require.NotNil(t, one.Replacement, "without it the label would get the name of the metric")
		require.Empty(t, *one.Replacement)
		removed = append(removed, one.Target)
		metrics := regexp.MustCompile("^(?:" + one.Regex + ")$")
		for _, metric := range []string{
			contract.RequestsTotal, contract.RequestDurationBucket, contract.RequestDurationCount,
		} {
			assert.Regexp(t, metrics, metric)
		}
		assert.NotRegexp(t, metrics, "jobs_total", "two series may differ in nothing but this label")
	}
	assert.Equal(t, []string{"exported_namespace", "exported_pod", "exported_node", "exported_service"}, removed)
}

func TestKubeletsProveTheirIdentityAndDemandAToken(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	for _, name := range []string{contract.JobKubelet, contract.JobKubeletVolumes} {
		one := file.job(t, name)
		assert.Equal(t, "https", one.Scheme, name)
		assert.Equal(t, map[string]string{
			"ca_file": "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
		}, one.TLS, name)
		assert.Equal(t, "/var/run/secrets/kubernetes.io/serviceaccount/token", one.Authorization.CredentialsFile, name)
	}
}

func TestANodeMayNameThePathOfItsResourceMetrics(t *testing.T) {
	one := prometheusYML(t, scrapetest.Example()).job(t, contract.JobKubelet)
	assert.Equal(t, "/metrics/resource", one.MetricsPath)
	assert.Contains(t, one.Targets, step{
		Source: []string{"__meta_kubernetes_node_annotation_metrics_k8s_io_resource_metrics_path"},
		Regex:  "(.+)", Target: "__metrics_path__",
	})
}

func TestSeriesOfAGonePodEndAtOnce(t *testing.T) {
	file := prometheusYML(t, scrapetest.Example())
	assert.True(t, file.job(t, contract.JobKubelet).TrackStaleness)
}

func TestOfTheKubeletsOwnMetricsOnlyThoseOfVolumesAreKept(t *testing.T) {
	one := prometheusYML(t, scrapetest.Example()).job(t, contract.JobKubeletVolumes)
	assert.Equal(t, "/metrics", one.MetricsPath)
	assert.Equal(t, []step{
		{Source: []string{"__name__"}, Regex: "kubelet_volume_stats_.*", Action: "keep"},
	}, one.Metrics)
}

func TestEveryPodPortThatIsScrapedIsATarget(t *testing.T) {
	args := scrapetest.Example()
	file := prometheusYML(t, args)
	var podJobs []string
	for _, one := range file.ScrapeConfigs {
		if one.scrapesPods(t) {
			podJobs = append(podJobs, one.Name)
		}
	}
	var targets []string
	for _, target := range scrape.Targets(args) {
		targets = append(targets, target.Job)
		assert.Equal(t, []string{target.Namespace}, file.job(t, target.Job).namespaces(t), target.Job)
	}
	assert.ElementsMatch(t, podJobs, targets)
}

func TestTargetsAreThePortsThatPoliciesHaveToOpen(t *testing.T) {
	const monitoring = "dreamseed-monitoring"
	named := func(name string) namespace.Pods { return namespace.Pods{Names: []string{name}} }
	assert.ElementsMatch(t, []scrape.Target{
		{Job: contract.JobServices, Namespace: "dreamseed-production", Port: catalogue.Port},
		{Job: contract.JobKubeStateMetrics, Namespace: monitoring, Pods: named("kube-state-metrics"), Port: 8080},
		{Job: contract.JobNodeExporter, Namespace: "dreamseed-node-agents", Pods: named("node-exporter"), Port: 9100},
		{Job: "argo-rollouts", Namespace: "argo-rollouts", Port: 8090},
		{Job: "traefik", Namespace: "traefik", Port: 9100},
		{
			Job: contract.JobPostgres, Namespace: "dreamseed-production", Port: 9187,
			Pods: namespace.Pods{Labels: map[string]string{"cnpg.io/cluster": "postgres"}},
		},
		{Job: contract.JobRedis, Namespace: "dreamseed-production", Pods: named("redis"), Port: 9121},
		{Job: contract.JobPrometheus, Namespace: monitoring, Pods: named("prometheus"), Port: 9090},
		{Job: contract.JobAlertmanager, Namespace: monitoring, Pods: named("alertmanager"), Port: 9093},
		{Job: contract.JobGrafana, Namespace: monitoring, Pods: named("grafana"), Port: 3000},
	}, scrape.Targets(scrapetest.Example()))
}

// A pod may have several ports, and a namespace pods of other programs.
func TestATargetIsOnePortOfItsPods(t *testing.T) {
	args := scrapetest.Example()
	file := prometheusYML(t, args)
	for _, want := range []struct{ job, port, workload string }{
		{contract.JobKubeStateMetrics, "8080", "kube-state-metrics"},
		{contract.JobNodeExporter, "9100", "node-exporter"},
		{"argo-rollouts", "8090", ""},
		{"traefik", "9100", ""},
		{contract.JobRedis, "9121", "redis"},
		{contract.JobPrometheus, "9090", "prometheus"},
		{contract.JobAlertmanager, "9093", "alertmanager"},
		{contract.JobGrafana, "3000", "grafana"},
	} {
		kept := []step{{
			Source: []string{"__meta_kubernetes_pod_container_port_number"}, Regex: want.port, Action: "keep",
		}}
		if want.workload != "" {
			kept = append(kept, step{
				Source: []string{"__meta_kubernetes_pod_label_app_kubernetes_io_name"}, Regex: want.workload, Action: "keep",
			})
		}
		assert.Equal(t, kept, only("keep", file.job(t, want.job).Targets), want.job)
	}
}

// CloudNativePG gives its pods a name of its own: policies and scraping select them by the label of their cluster.
func TestATargetMaySelectItsPodsByOtherLabels(t *testing.T) {
	kept := only("keep", prometheusYML(t, scrapetest.Example()).job(t, contract.JobPostgres).Targets)
	assert.Equal(t, []step{
		{Source: []string{"__meta_kubernetes_pod_container_port_number"}, Regex: "9187", Action: "keep"},
		{Source: []string{"__meta_kubernetes_pod_label_cnpg_io_cluster"}, Regex: "postgres", Action: "keep"},
	}, kept)
}

// only returns the steps with that action.
func only(action string, steps []step) []step {
	var found []step
	for _, one := range steps {
		if one.Action == action {
			found = append(found, one)
		}
	}
	return found
}
