package platform_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

// policy returns the spec of a network policy, by logical name.
func policy(t *testing.T, built *mocktest.Recording, name string) map[string]any {
	t.Helper()
	spec, _ := built.Get(t, policyType, name).At("spec").(map[string]any)
	return spec
}

// rule returns one entry of a policy's ingress ("from") or egress ("to").
func rule(side string, peer map[string]any, ports ...any) map[string]any {
	return map[string]any{side: []any{peer}, "ports": ports}
}

func port(protocol string, number int) any {
	return map[string]any{"protocol": protocol, "port": number}
}

func pods(labels map[string]any) map[string]any {
	return map[string]any{"podSelector": selecting(labels)}
}

func podsIn(namespace string, labels map[string]any) map[string]any {
	peer := pods(labels)
	peer["namespaceSelector"] = selecting(map[string]any{"kubernetes.io/metadata.name": namespace})
	return peer
}

func network(cidr string) map[string]any {
	return map[string]any{"ipBlock": map[string]any{"cidr": cidr, "except": []any{}}}
}

func selecting(labels map[string]any) map[string]any { return map[string]any{"matchLabels": labels} }

// named selects the pods of workloads.
func named(workloads ...any) map[string]any {
	return map[string]any{"matchLabels": map[string]any{}, "matchExpressions": []any{map[string]any{
		"key": "app.kubernetes.io/name", "operator": "In", "values": workloads,
	}}}
}

// allServices selects the pods of the seven services, and nothing else that is part of the platform.
func allServices() map[string]any {
	return named("ai-tutor-service", "analytics-service", "assessment-service", "auth-service", "content-service",
		"payment-service", "user-service")
}

var everyPod = map[string]any{}

func TestNamespacesAreClosedInBothDirections(t *testing.T) {
	bothNamespaces(t, func(t *testing.T, built *mocktest.Recording, name string) {
		assert.Equal(t, map[string]any{
			"podSelector": selecting(everyPod),
			"policyTypes": []any{"Ingress", "Egress"},
			"ingress":     []any{},
			"egress":      []any{},
		}, policy(t, built, name+"-default-deny"))
	})
}

func TestEveryPodResolvesNames(t *testing.T) {
	bothNamespaces(t, func(t *testing.T, built *mocktest.Recording, name string) {
		dns := []any{port("TCP", 53), port("UDP", 53)}
		assert.Equal(t, map[string]any{
			"podSelector": selecting(everyPod),
			"policyTypes": []any{"Egress"},
			"egress": []any{
				rule("to", podsIn("kube-system", map[string]any{"k8s-app": "kube-dns"}), dns...),
				rule("to", podsIn("kube-system", map[string]any{"k8s-app": "node-local-dns"}), dns...),
				rule("to", network("169.254.20.10/32"), dns...),
				rule("to", network("169.254.10.10/32"), dns...),
				rule("to", network("169.254.10.11/32"), dns...),
				rule("to", network("169.254.169.254/32"), dns...),
			},
		}, policy(t, built, name+"-allow-dns"))
	})
}

func TestServicesReachEachOtherOnTheirPort(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		assert.Equal(t, map[string]any{
			"podSelector": allServices(),
			"policyTypes": []any{"Ingress", "Egress"},
			"ingress":     []any{rule("from", map[string]any{"podSelector": allServices()}, port("TCP", 8000))},
			"egress":      []any{rule("to", map[string]any{"podSelector": allServices()}, port("TCP", 8000))},
		}, policy(t, built, "services-allow-service-to-service"))
	})
}

func TestMonitoringMayScrapeTheServices(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		assert.Equal(t, map[string]any{
			"podSelector": allServices(),
			"policyTypes": []any{"Ingress"},
			"ingress":     []any{rule("from", podsIn("dreamseed-monitoring", everyPod), port("TCP", 8000))},
		}, policy(t, built, "services-allow-scrape"), "the services' side")
		egress := policy(t, built, "monitoring-allow-scrape")
		assert.Equal(t, named("prometheus"), egress["podSelector"], "and nobody else in monitoring")
		assert.Contains(t, egress["egress"],
			rule("to", podsIn("dreamseed-"+string(cfg.Environment), everyPod), port("TCP", 8000)), "monitoring's side")
		if cfg.Ingress.Enabled() {
			assert.Contains(t, egress["egress"], rule("to", podsIn("traefik", everyPod), port("TCP", 9100)))
		}
	})
}

func TestPrometheusReachesTheMetricsOfTheDataStores(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		services := "dreamseed-" + string(cfg.Environment)
		egress := policy(t, built, "monitoring-allow-scrape")["egress"]
		for _, one := range []struct {
			mode store.Mode
			pods map[string]any
			port int
		}{
			{cfg.Data.Postgres.Mode, selecting(map[string]any{"cnpg.io/cluster": "postgres"}), 9187},
			{cfg.Data.Redis.Mode, named("redis"), 9121},
			{cfg.Data.Kafka.Mode, named("kafka"), 9404},
			{cfg.Data.Kafka.Mode, named("kafka-exporter"), 9404},
			{cfg.Data.Objects.Mode, named("objects"), 9327},
		} {
			peer := podsIn(services, everyPod)
			peer["podSelector"] = one.pods
			if one.mode == store.InCluster {
				assert.Contains(t, egress, rule("to", peer, port("TCP", one.port)))
			} else {
				assert.NotContains(t, egress, rule("to", peer, port("TCP", one.port)), "it does not run in the cluster")
			}
		}
	})
}

func TestDeclaredEgressIsOpenForEveryService(t *testing.T) {
	cfg := stackConfig(t, "staging")
	cfg.Egress = []catalogue.Egress{{CIDR: "192.0.2.0/24", Ports: []int{25, 465}}}
	assert.Equal(t, map[string]any{
		"podSelector": allServices(),
		"policyTypes": []any{"Egress"},
		"egress":      []any{rule("to", network("192.0.2.0/24"), port("TCP", 25), port("TCP", 465))},
	}, policy(t, build(t, cfg), "services-allow-declared-egress"))
}

// A store of somebody else is open for the services that declare it, at its port alone.
func TestAStoreElsewhereIsOpenForTheServicesThatNeedIt(t *testing.T) {
	networks := map[string]string{"staging": "10.30.0.0/20", "production": "10.20.0.0/20"}
	for stack, cidr := range networks {
		built := build(t, stackConfig(t, stack))
		for name, want := range map[string]struct {
			port int
			from map[string]any
		}{
			"services-allow-postgres-from-services-out": {5432, allServices()},
			"services-allow-redis-out":                  {6379, allServices()},
			"services-allow-kafka-out":                  {9093, allServices()},
		} {
			assert.Equal(t, map[string]any{
				"podSelector": want.from, "policyTypes": []any{"Egress"},
				"egress": []any{rule("to", network(cidr), port("TCP", want.port))},
			}, policy(t, built, name), name)
		}
	}
}

func TestEgressOfOneServiceIsOpenForNoOther(t *testing.T) {
	cfg := stackConfig(t, "staging")
	before := build(t, cfg)
	service(t, cfg, "user").Egress = []catalogue.Egress{{CIDR: "192.0.2.0/24", Ports: []int{25}}}
	after := build(t, cfg)

	assert.Equal(t, map[string]any{
		"podSelector": named("user-service"),
		"policyTypes": []any{"Egress"},
		"egress":      []any{rule("to", network("192.0.2.0/24"), port("TCP", 25))},
	}, policy(t, after, "services-allow-user-egress"))
	assert.Equal(t, policies(before), slices.DeleteFunc(policies(after), func(name string) bool {
		return name == "services-allow-user-egress"
	}))
}

func TestOnlyDeclaredServicesReachTheInternet(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		reaching := map[string]any{}
		for _, one := range built.Each(t, policyType) {
			if !strings.HasPrefix(one.Name, "services-") {
				continue
			}
			for _, block := range blocks(one) {
				everywhere := block["cidr"] == "0.0.0.0/0" || block["cidr"] == "::/0"
				if everywhere && !strings.HasSuffix(one.Name, "-api-server") {
					reaching[one.Name] = one.At("spec", "podSelector", "matchExpressions", 0, "values")
				}
			}
		}
		declared := map[string]any{
			"services-allow-ai-tutor-egress": []any{"ai-tutor-service"},
			"services-allow-payment-egress":  []any{"payment-service"},
		}
		if cfg.Data.Objects.Mode == store.Managed {
			declared[toBuckets] = []any{"analytics-service", "assessment-service", "content-service", "user-service"}
		}
		if cfg.Data.Postgres.Mode == store.Managed {
			declared[provisionerToCloud] = []any{"postgres-provisioner"}
		}
		assert.Equal(t, declared, reaching)
	})
}

func TestTheInternetIsHTTPSOnly(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, name := range []string{"services-allow-ai-tutor-egress", "services-allow-payment-egress"} {
			rules, _ := policy(t, built, name)["egress"].([]any)
			require.Len(t, rules, 1)
			assert.Equal(t, []any{port("TCP", 443)}, mocktest.At(rules[0], "ports"))
		}
	})
}

func TestNoPolicyOpensTheMetadataServerOrPrivateNetworks(t *testing.T) {
	kept := map[string]string{
		"169.254.169.254": "a cloud's metadata server hands out the node's credentials",
		"169.254.170.2":   "the same, for tasks of a cloud",
		"10.96.0.1":       "the API server, and other systems of ours",
		"10.255.255.255":  "the end of that network",
		"100.64.0.1":      "pods of some clouds",
		"172.16.0.1":      "a private network",
		"172.31.255.255":  "the end of that network",
		"192.168.0.1":     "a private network",
	}
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, one := range built.Each(t, policyType) {
			if meant(one) {
				continue
			}
			for _, block := range blocks(one) {
				for address, reason := range kept {
					unknown := strings.HasSuffix(one.Name, "-api-server") || one.Name == "monitoring-allow-kubelets"
					if unknown && !strings.HasPrefix(address, "169.254.") {
						continue // API servers and kubelets have unknown addresses in private networks.
					}
					assert.False(t, opens(t, block, netip.MustParseAddr(address)), "%s opens %s: %s", one.Name, address, reason)
				}
			}
		}
	})
}

// meant reports whether a policy opens such addresses on purpose: declared destinations, the identity endpoints for
// pods with an identity, and a name server that shares the metadata server's address, on its own port
// (TestEveryPodResolvesNames, TestPodsWithAnIdentityReachWhereTheyGetIt).
func meant(one *mocktest.Resource) bool {
	return slices.Contains(openedForData[store.Managed], one.Name) && one.Name != provisionerToCloud &&
		one.Name != toBuckets ||
		one.Name == "services-allow-identity" || strings.HasSuffix(one.Name, "-allow-dns")
}

// storesElsewhere are the policies for stores that somebody else runs.
var storesElsewhere = []string{
	"services-allow-postgres-from-services-out", "services-allow-postgres-from-migrations-out",
	"services-allow-redis-out", "services-allow-kafka-out", "services-allow-objects-out",
}

func TestPodsWithAnIdentityReachWhereTheyGetIt(t *testing.T) {
	endpoints := map[cluster.Cloud][]any{
		cluster.GKE: {rule("to", network("169.254.169.254/32"), port("TCP", 80))},
		cluster.EKS: {rule("to", network("169.254.170.23/32"), port("TCP", 80))},
		cluster.AKS: {
			rule("to", network("20.20.32.0/19"), port("TCP", 443)),
			rule("to", network("20.190.128.0/18"), port("TCP", 443)),
			rule("to", network("20.231.128.0/19"), port("TCP", 443)),
			rule("to", network("40.126.0.0/18"), port("TCP", 443)),
		},
	}
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		if cfg.Cluster.Cloud == cluster.Existing {
			assert.NotContains(t, policies(built), "services-allow-identity", "nobody knows of one")
			return
		}
		assert.Equal(t, map[string]any{
			"podSelector": allServices(), "policyTypes": []any{"Egress"}, "egress": endpoints[cfg.Cluster.Cloud],
		}, policy(t, built, "services-allow-identity"))
	})
}

func TestNothingElseIsOpen(t *testing.T) {
	always := []string{
		"monitoring-allow-dns", "monitoring-allow-scrape", "monitoring-default-deny",
		"services-allow-ai-tutor-egress", "services-allow-dns", "services-allow-payment-egress",
		"services-allow-scrape", "services-allow-service-to-service", "services-default-deny",
		"external-secrets-allow-api-server", "external-secrets-allow-dns", "external-secrets-default-deny",
		"external-secrets-allow-scrape", "external-secrets-monitoring-allow-scrape",
		"external-secrets-monitoring-allow-api-server", "external-secrets-monitoring-allow-dns",
		"external-secrets-monitoring-default-deny",
		"monitoring-allow-kubelets", "monitoring-allow-api-server", "monitoring-allow-gossip",
		"monitoring-allow-scrape-of-itself", "monitoring-allow-scrape-of-itself-out",
		"monitoring-allow-scrape-of-objects", "monitoring-allow-scrape-of-objects-out",
		"monitoring-allow-scrape-of-grafana", "monitoring-allow-scrape-of-grafana-out",
		"monitoring-allow-alerts", "monitoring-allow-alerts-out",
		"monitoring-allow-queries", "monitoring-allow-queries-out",
		"node-agents-allow-dns", "node-agents-allow-scrape", "node-agents-default-deny",
	}
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		want := slices.Clone(always)
		want = append(want, openedForData[cfg.Data.Postgres.Mode]...)
		if cfg.Ingress.Enabled() {
			want = append(want, "services-allow-ingress-controller", "services-allow-certificate-proof",
				"cert-manager-allow-api-server", "cert-manager-allow-dns", "cert-manager-allow-own-proof",
				"cert-manager-allow-webhook", "cert-manager-default-deny", "cert-manager-allow-scrape",
				"traefik-allow-api-server", "traefik-allow-dns", "traefik-allow-own-proof", "traefik-allow-scrape",
				"traefik-allow-services", "traefik-allow-users", "traefik-default-deny")
		}
		if service(t, cfg, "assessment").Autoscaling.RequestsPerSecond > 0 {
			want = append(want, "keda-allow-answers-in", "keda-allow-answers-out", "keda-allow-api-server",
				"keda-allow-dns", "keda-allow-metrics-api", "keda-allow-prometheus", "keda-allow-scrape",
				"keda-default-deny", "monitoring-allow-queries-of-keda")
		}
		want = append(want, openedForLogs[cfg.Logs.Store]...)
		if len(cfg.Monitoring.Receivers) > 0 {
			want = append(want, "monitoring-allow-receivers")
		}
		if cfg.Cluster.Cloud.Managed() {
			want = append(want, "services-allow-identity")
		}
		assert.ElementsMatch(t, want, policies(built))
		for _, one := range built.Each(t, policyType) {
			for _, direction := range []string{"ingress", "egress"} {
				rules, _ := one.At("spec", direction).([]any)
				for _, opened := range rules {
					keys := slices.Sorted(maps.Keys(opened.(map[string]any)))
					if !slices.Contains(askedByTheAPIServer, one.Name) {
						assert.Contains(t, [][]string{{"from", "ports"}, {"ports", "to"}}, keys, "%s opens to everybody", one.Name)
					}
					assert.NotEmpty(t, mocktest.At(opened, "ports"), "%s opens every port", one.Name)
				}
			}
		}
	})
}

// askedByTheAPIServer are the policies that let the API server in, whose source address is unknown.
var askedByTheAPIServer = []string{
	"cert-manager-allow-webhook", "cloudnative-pg-allow-webhooks", "keda-allow-metrics-api",
}

// toBuckets is the policy of the services whose buckets are in the cloud, or of somebody else.
const toBuckets = "services-allow-objects-out"

// provisionerToCloud is the policy of what makes databases on a server of the cloud.
const provisionerToCloud = "services-allow-postgres-provisioner-to-cloud"

// openedForData are the policies for the data stores, by the mode of PostgreSQL.
var openedForData = map[store.Mode][]string{
	store.External: storesElsewhere,
	store.Managed: append(slices.Clone(storesElsewhere), "services-allow-postgres-from-provisioner-out",
		"services-allow-postgres-provisioner-identity", provisionerToCloud),
	store.InCluster: {
		"services-allow-postgres-instances", "services-allow-postgres-api-server", "services-allow-postgres-operator",
		"services-allow-postgres-scrape", "services-allow-postgres-backups-to-object-store",
		"services-allow-postgres-from-services", "services-allow-postgres-from-services-out",
		"services-allow-postgres-from-migrations", "services-allow-postgres-from-migrations-out",
		"services-allow-postgres-from-backups", "services-allow-postgres-from-backups-out",
		"services-allow-backups-to-objects", "services-allow-backups-to-objects-out",
		"services-allow-objects", "services-allow-objects-out", "services-allow-scrape-of-objects",
		"services-allow-redis", "services-allow-redis-out", "services-allow-scrape-of-redis",
		"services-allow-kafka", "services-allow-kafka-out", "services-allow-scrape-of-kafka",
		"services-allow-kafka-administration", "services-allow-kafka-administration-out",
		"services-allow-kafka-api-server", "services-allow-kafka-nodes", "services-allow-kafka-operator",
		"cloudnative-pg-allow-api-server", "cloudnative-pg-allow-dns", "cloudnative-pg-allow-instances",
		"cloudnative-pg-allow-scrape", "cloudnative-pg-allow-webhooks", "cloudnative-pg-default-deny",
		"strimzi-allow-api-server", "strimzi-allow-dns", "strimzi-allow-kafka", "strimzi-allow-scrape",
		"strimzi-default-deny",
	},
}

// openedForLogs are the policies for the logs, by the store.
var openedForLogs = map[logging.Store][]string{
	logging.VictoriaLogs: {
		"monitoring-allow-logs", "monitoring-allow-scrape-of-logs", "monitoring-allow-scrape-of-logs-out",
		"node-agents-allow-api-server", "node-agents-allow-logs-out", "node-agents-allow-scrape-of-collectors",
	},
	logging.Elastic: {
		"monitoring-allow-logs", "monitoring-allow-elasticsearch-nodes",
		"monitoring-allow-elasticsearch-clients", "monitoring-allow-elasticsearch-clients-out",
		"node-agents-allow-api-server", "node-agents-allow-logs-out", "node-agents-allow-scrape-of-collectors",
		"eck-allow-api-server", "eck-allow-dns", "eck-allow-elasticsearch", "eck-default-deny",
		"external-secrets-node-agents-allow-api-server", "external-secrets-node-agents-allow-dns",
		"external-secrets-node-agents-allow-scrape", "external-secrets-node-agents-default-deny",
	},
}

func policies(built *mocktest.Recording) []string { return mocktest.Names(built.OfType(policyType)) }

// blocks returns the networks outside the cluster that a policy opens.
func blocks(of *mocktest.Resource) []map[string]any {
	var found []map[string]any
	rules, _ := of.At("spec", "egress").([]any)
	for _, one := range rules {
		if block, ok := mocktest.At(one, "to", 0, "ipBlock").(map[string]any); ok {
			found = append(found, block)
		}
	}
	return found
}

func opens(t *testing.T, block map[string]any, address netip.Addr) bool {
	t.Helper()
	contains := func(cidr any) bool {
		text, _ := cidr.(string)
		prefix, err := netip.ParsePrefix(text)
		require.NoError(t, err)
		return prefix.Contains(address)
	}
	except, _ := block["except"].([]any)
	return contains(block["cidr"]) && !slices.ContainsFunc(except, contains)
}
