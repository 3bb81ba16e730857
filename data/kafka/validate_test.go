package kafka_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// found returns the mistakes of a spec by their keys.
func found(of kafka.Spec, within kafka.Surroundings) map[string]string {
	var problems invalid.Problems
	of.Validate(within, &problems)
	all := map[string]string{}
	for _, one := range problems {
		all[one.Key] += one.Error()
	}
	return all
}

func TestTheDefaultsAreValid(t *testing.T) {
	for _, of := range []kafka.Spec{kafka.Default(store.InCluster), single()} {
		assert.Empty(t, found(of, kafka.Surroundings{Services: platform().Services}))
	}
	external := kafka.Default(store.External)
	external.External = store.Address{CIDR: "10.20.0.0/24", Port: 9094}
	assert.Empty(t, found(external, kafka.Surroundings{Services: platform().Services}))
}

func TestAWrongSectionIsRefusedByKeyValueAndRule(t *testing.T) {
	for name, test := range map[string]struct {
		change func(spec *kafka.Spec)
		key    string
		want   string
		reason string
	}{
		"no mode": {
			func(spec *kafka.Spec) { spec.Mode = "" }, "data.kafka.mode", "is missing: it must be one of inCluster",
			"a missing key gets its default before",
		},
		"unknown mode": {
			func(spec *kafka.Spec) { spec.Mode = "cluster" }, "data.kafka.mode", `is "cluster": it must be one of`, "a slip",
		},
		"managed": {
			func(spec *kafka.Spec) { *spec = kafka.Default(store.Managed) }, "data.kafka.mode",
			`is "managed": it must be one of inCluster, external: the platform does not have the cloud run it`, "no cloud does",
		},
		"no broker": {
			func(spec *kafka.Spec) { spec.Brokers = 0 }, "data.kafka.brokers", "is 0: it must be 1, or an odd number",
			"nothing would run",
		},
		"two brokers": {
			func(spec *kafka.Spec) { spec.Brokers = 2 }, "data.kafka.brokers", "is 2", "either of them stops both",
		},
		"four brokers": {
			func(spec *kafka.Spec) { spec.Brokers = 4 }, "data.kafka.brokers", "is 4", "they survive no more than three",
		},
		"no storage": {
			func(spec *kafka.Spec) { spec.Storage = resource.Quantity{} }, "data.kafka.storage", "it must be 1Gi or more", "",
		},
		"less storage than a segment takes": {
			func(spec *kafka.Spec) { spec.Storage = resource.MustParse("100Mi") }, "data.kafka.storage", `is "100Mi"`, "",
		},
		"no retention": {
			func(spec *kafka.Spec) { spec.RetentionHours = 0 }, "data.kafka.retentionHours", "is 0: it must be 1 or more", "",
		},
		"an address of nobody": {
			func(spec *kafka.Spec) { spec.External.CIDR = "10.20.0.0/24" }, "data.kafka.external",
			"must not be given: data.kafka.mode is inCluster", "nothing would heed it",
		},
		"external without an address": {
			func(spec *kafka.Spec) { *spec = outside("", 9094) }, "data.kafka.external.cidr",
			"is missing: it must be the network of the store", "no policy can be written",
		},
		"external at an address with host bits": {
			func(spec *kafka.Spec) { *spec = outside("10.20.0.1/24", 9094) }, "data.kafka.external.cidr",
			"without host bits", "",
		},
		"external where credentials are": {
			func(spec *kafka.Spec) { *spec = outside("169.254.169.254/32", 9094) }, "data.kafka.external.cidr",
			"must not lie in 169.254.0.0/16", "",
		},
		"external without a port": {
			func(spec *kafka.Spec) { *spec = outside("10.20.0.0/24", 0) }, "data.kafka.external.port",
			"is 0: it must be a TCP port from 1 to 65535", "",
		},
		"external at a port that is none": {
			func(spec *kafka.Spec) { *spec = outside("10.20.0.0/24", 70000) }, "data.kafka.external.port", "is 70000", "",
		},
		"brokers of somebody else": {
			func(spec *kafka.Spec) { *spec = outside("10.20.0.0/24", 9094); spec.Brokers = 3 }, "data.kafka.brokers",
			"must not be given: data.kafka.mode is external", "nothing would heed it",
		},
		"storage of somebody else": {
			func(spec *kafka.Spec) {
				*spec = outside("10.20.0.0/24", 9094)
				spec.Storage = resource.MustParse("1Gi")
			},
			"data.kafka.storage", "must not be given", "",
		},
		"retention of somebody else": {
			func(spec *kafka.Spec) { *spec = outside("10.20.0.0/24", 9094); spec.RetentionHours = 1 },
			"data.kafka.retentionHours", "must not be given", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec := kafka.Default(store.InCluster)
			test.change(&spec)
			problems := found(spec, kafka.Surroundings{Services: shop(), Closed: catalogue.CredentialServers()})
			require.Contains(t, problems, test.key, test.reason)
			assert.Len(t, problems, 1, "and nothing else is wrong")
			assert.Contains(t, problems[test.key], test.want)
		})
	}
}

func outside(cidr string, port int) kafka.Spec {
	spec := kafka.Default(store.External)
	spec.External = store.Address{CIDR: cidr, Port: port}
	return spec
}

func TestABrokerHasToFitANode(t *testing.T) {
	small := catalogue.Pool{Name: "small", Most: 3, Offers: catalogue.Amounts{
		CPU: resource.MustParse("2"), Memory: resource.MustParse("1Gi"),
	}}
	large := small
	large.Offers.Memory = resource.MustParse("4Gi")
	spec := kafka.Default(store.InCluster)
	assert.Contains(t, found(spec, kafka.Surroundings{OnDemand: []catalogue.Pool{small}})["data.kafka.mode"],
		"whose nodes have cpu 500m, memory 2Gi for a broker")
	assert.Empty(t, found(spec, kafka.Surroundings{OnDemand: []catalogue.Pool{small, large}}))
	assert.Empty(t, found(spec, kafka.Surroundings{}), "the pools of an existing cluster are unknown")
}

func TestTopicsAreCheckedAcrossTheServices(t *testing.T) {
	for name, test := range map[string]struct {
		change func(services []catalogue.Service)
		want   map[string]string
	}{
		"a topic that nobody produces": {
			func(s []catalogue.Service) { s[0].Needs.Consumes = []string{"order"} },
			map[string]string{
				"services.billing.needs.consumes[0]": `is "order": it must be a topic that a service produces: bills, orders`,
			},
		},
		"one that two produce": {
			func(s []catalogue.Service) { s[2].Needs.Produces = []string{"bills"} },
			map[string]string{
				"services.page.needs.produces[0]": `is "bills": it must be produced by one service: billing produces it, too`,
			},
		},
		"listed twice": {
			func(s []catalogue.Service) {
				s[1].Needs.Produces = []string{"orders", "orders"}
				s[0].Needs.Consumes = []string{"orders", "orders"}
			},
			map[string]string{
				"services.order.needs.produces[1]":   "must be listed once",
				"services.billing.needs.consumes[1]": "must be listed once",
			},
		},
		"names that are none": {
			func(s []catalogue.Service) {
				s[2].Needs.Produces = []string{"Visits", "page_views", "..", strings.Repeat("a", 250), "", "ok.it-is"}
			},
			map[string]string{
				"services.page.needs.produces[0]": "lower-case", "services.page.needs.produces[1]": "lower-case",
				"services.page.needs.produces[2]": "lower-case", "services.page.needs.produces[3]": "at most 249 characters",
				"services.page.needs.produces[4]": "lower-case",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			services := shop()
			test.change(services)
			for _, of := range []kafka.Spec{kafka.Default(store.InCluster), outside("10.20.0.0/24", 9094)} {
				problems := found(of, kafka.Surroundings{Services: services})
				for key, want := range test.want {
					assert.Contains(t, problems[key], want)
				}
				assert.Len(t, problems, len(test.want))
			}
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	services := shop()
	services[0].Needs.Consumes = []string{"order"}
	assert.Len(t, found(kafka.Spec{Mode: store.InCluster}, kafka.Surroundings{Services: services}), 4)
}

func TestARangeThatIsClosedStaysClosed(t *testing.T) {
	closed := []catalogue.Closed{{Range: netip.MustParsePrefix("10.20.0.128/25"), What: "somebody's"}}
	policies := outside("10.20.0.0/24", 9094).Policies(kafka.PoliciesArgs{Services: shop(), Closed: closed})
	require.Len(t, policies, 1)
	assert.Equal(t, []string{"10.20.0.128/25"}, policies[0].Peers[0].Except)
}
