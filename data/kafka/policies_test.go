package kafka_test

import (
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/networktest"
	"github.com/dreamseed/platform/internal/operator"
)

// pod returns a pod as policies see it.
func pod(in, name, address string) networktest.Host {
	return networktest.Host{
		Name: name, Namespace: in, Labels: labels.Set{"app.kubernetes.io/name": name},
		Address: netip.MustParseAddr(address),
	}
}

// The pods. Those of Strimzi have the labels that it gives them.
var (
	aBroker    = pod("shop", "kafka", "10.1.0.1")
	another    = pod("shop", "kafka", "10.1.0.2")
	entities   = pod("shop", "entity-operator", "10.1.0.3")
	exporting  = pod("shop", "kafka-exporter", "10.1.0.4")
	billing    = pod("shop", "billing-service", "10.1.0.5")
	page       = pod("shop", "page-service", "10.1.0.6")
	operating  = pod("strimzi", "strimzi-cluster-operator", "10.1.0.7")
	prometheus = pod("monitoring", "prometheus", "10.1.0.8")
	elsewhere  = pod("default", "billing-service", "10.1.0.9")
	apiServer  = networktest.Host{Name: "API server", Address: netip.MustParseAddr("203.0.113.1")}
	partner    = networktest.Host{Name: "partner", Address: netip.MustParseAddr("10.20.0.7")}
)

// world is a cluster in which Kafka's policies, those of Strimzi, and no others of their namespaces hold.
func world(t *testing.T, of kafka.Spec) *networktest.World {
	t.Helper()
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		for name, policies := range map[string][]namespace.Policy{
			"shop": of.Policies(kafka.PoliciesArgs{
				Services: shop(), Monitoring: "monitoring", Operator: "strimzi",
			}),
			"strimzi": operator.NewStrimzi(operator.StrimziArgs{Namespace: "shop"}).Policies(),
		} {
			if _, err := namespace.New(ctx, name, &namespace.Args{Name: name, Policies: policies}); err != nil {
				return err
			}
		}
		return nil
	})
	cluster := &networktest.World{Namespaces: map[string]labels.Set{}}
	for _, pod := range []networktest.Host{
		aBroker, another, entities, exporting, billing, page, operating, prometheus, elsewhere,
	} {
		cluster.Pods = append(cluster.Pods, pod)
		cluster.Namespaces[pod.Namespace] = labels.Set{"kubernetes.io/metadata.name": pod.Namespace}
	}
	for _, one := range recording.Each(t, "kubernetes:networking.k8s.io/v1:NetworkPolicy") {
		text, err := json.Marshal(one.Inputs)
		require.NoError(t, err)
		var policy networkingv1.NetworkPolicy
		require.NoError(t, json.Unmarshal(text, &policy))
		cluster.Policies = append(cluster.Policies, policy)
	}
	return cluster
}

func TestOnlyWhoDeclaresATopicAndWhatRunsKafkaReachesIt(t *testing.T) {
	cluster := world(t, kafka.Default(store.InCluster))
	for name, test := range map[string]struct {
		from, to networktest.Host
		port     int
		want     bool
		reason   string
	}{
		"a service":                  {billing, aBroker, 9093, true, "it declares topics"},
		"the way without a password": {billing, aBroker, 9091, false, "the certificates there are those of Strimzi"},
		"the quorum":                 {billing, aBroker, 9090, false, "no service has a vote"},
		"the agent":                  {billing, aBroker, 8443, false, "it is Strimzi's"},
		"the metrics":                {billing, aBroker, 9404, false, "they are Prometheus's"},
		"a service without topics":   {page, aBroker, 9093, false, "it declares none"},
		"another namespace":          {elsewhere, aBroker, 9093, false, "the same name is not the same pod"},
		"a broker's quorum":          {aBroker, another, 9090, true, "they elect a leader"},
		"a broker's copies":          {aBroker, another, 9091, true, "they copy from each other"},
		"a broker to a service":      {aBroker, billing, 8000, false, "it asks nobody"},
		"a broker to the API":        {aBroker, apiServer, 443, true, "it reads its certificates"},
		"the entity operator":        {entities, aBroker, 9091, true, "it creates topics and users"},
		"it asks the API":            {entities, apiServer, 443, true, "it watches them"},
		"it needs no password":       {entities, aBroker, 9093, false, "its way is another"},
		"the exporter":               {exporting, aBroker, 9091, true, "it reads offsets"},
		"it does not ask the API":    {exporting, apiServer, 443, false, "it has nothing to ask"},
		"Strimzi":                    {operating, aBroker, 9091, true, "it rolls the brokers"},
		"Strimzi at the agent":       {operating, aBroker, 8443, true, "it asks for their state"},
		"Strimzi at the quorum":      {operating, aBroker, 9090, true, "it asks for the quorum"},
		"Strimzi as a client":        {operating, aBroker, 9093, false, "it is none"},
		"a scrape":                   {prometheus, aBroker, 9404, true, "the brokers' metrics"},
		"a scrape of the lag":        {prometheus, exporting, 9404, true, "the exporter's metrics"},
		"Prometheus as a client":     {prometheus, aBroker, 9093, false, "it is none"},
	} {
		for engine, allows := range map[string]networktest.Engine{
			"Cilium": networktest.Cilium{}, "VPC CNI": networktest.VPCCNI{},
		} {
			attempt := networktest.Connection{From: test.from, To: test.to.Address, Port: test.port, Protocol: networktest.TCP}
			assert.Equal(t, test.want, allows.Allows(cluster, attempt), "%s on %s: %s", name, engine, test.reason)
		}
	}
}

func TestAKafkaOfSomebodyElseIsReachedByWhoDeclaresATopic(t *testing.T) {
	cluster := world(t, outside("10.20.0.0/24", 9094))
	for name, test := range map[string]struct {
		from networktest.Host
		port int
		want bool
	}{
		"a service": {billing, 9094, true}, "another port": {billing, 9093, false}, "no topics": {page, 9094, false},
	} {
		attempt := networktest.Connection{From: test.from, To: partner.Address, Port: test.port, Protocol: networktest.TCP}
		assert.Equal(t, test.want, networktest.Cilium{}.Allows(cluster, attempt), name)
	}
}

func TestWithoutTopicsNothingIsOpenNothingIsAskedForAndNothingIsScraped(t *testing.T) {
	without := shop()[2:]
	spec := kafka.Default(store.InCluster)
	assert.False(t, kafka.Needed(without))
	assert.Empty(t, spec.Policies(kafka.PoliciesArgs{Services: without}))
	assert.Empty(t, spec.Targets(without, "shop"))
	assert.Empty(t, spec.Volumes(without))
	assert.Zero(t, spec.Demand(without).Pods)
	assert.Empty(t, kafka.Default(store.Managed).Policies(kafka.PoliciesArgs{Services: shop()}))
	assert.Empty(t, outside("10.20.0.0/24", 9094).Targets(shop(), "shop"))
	assert.Empty(t, outside("10.20.0.0/24", 9094).Volumes(shop()))
}

func TestBrokersAndTheirConsumersLagAreScraped(t *testing.T) {
	var jobs []string
	for _, one := range kafka.Default(store.InCluster).Targets(shop(), "shop") {
		jobs = append(jobs, one.Job)
		assert.Equal(t, "shop", one.Namespace)
		assert.Equal(t, 9404, one.Port)
		assert.Equal(t, []string{one.Job}, one.Pods.Names, "the job is called like its pods")
	}
	assert.Equal(t, []string{"kafka", "kafka-exporter"}, jobs)
}
