package kafka_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	clusterType  = "kubernetes:kafka.strimzi.io/v1:Kafka"
	poolType     = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
	topicType    = "kubernetes:kafka.strimzi.io/v1:KafkaTopic"
	userType     = "kubernetes:kafka.strimzi.io/v1:KafkaUser"
	externalType = "kubernetes:external-secrets.io/v1:ExternalSecret"
)

// shop are services of which one writes, one reads and writes, and one does neither.
func shop() []catalogue.Service {
	return []catalogue.Service{
		{Name: "billing", Needs: catalogue.Needs{Produces: []string{"bills"}, Consumes: []string{"orders"}}},
		{Name: "order", Needs: catalogue.Needs{Produces: []string{"orders", "returns"}}},
		{Name: "page", Needs: catalogue.Needs{Postgres: true}},
	}
}

// single is a Kafka whose restart interrupts the services, and whose messages are lost with its volume.
func single() kafka.Spec {
	spec := kafka.Default(store.InCluster)
	spec.Brokers, spec.Storage = 1, resource.MustParse("1Gi")
	return spec
}

func args() *kafka.Args {
	return &kafka.Args{
		Spec: kafka.Default(store.InCluster), Zones: []string{"west-a", "west-b", "west-c"},
		Environment: store.Environment{
			Namespace: "shop", Services: shop(), StorageClass: "encrypted", Protect: true, DeadlineSeconds: 60,
		},
	}
}

// platform returns the arguments for the services of the catalogue.
func platform() *kafka.Args {
	of := args()
	of.Services = nil
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		of.Services = append(of.Services, service)
	}
	return of
}

func built(t *testing.T, of *kafka.Args) (*mocktest.Recording, store.Connections) {
	t.Helper()
	var made *kafka.Kafka
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		made, err = kafka.New(ctx, "kafka", of)
		return err
	})
	return recording, made.Connections
}

func recorded(t *testing.T, of *kafka.Args) *mocktest.Recording {
	t.Helper()
	recording, _ := built(t, of)
	return recording
}

func cluster(t *testing.T, of *kafka.Args) *mocktest.Resource {
	t.Helper()
	return recorded(t, of).Get(t, clusterType, "kafka-cluster")
}

func TestEverythingBelongsToTheComponent(t *testing.T) {
	recorded(t, args()).AssertParents(t, "kafka")
}

func TestTheOrderIsThatInWhichThingsAreReady(t *testing.T) {
	recording := recorded(t, args())
	ref := mocktest.Ref
	recording.Get(t, clusterType, "kafka-cluster").AssertDependsOn(t,
		ref(poolType, "kafka-pool-west-a"), ref(poolType, "kafka-pool-west-b"), ref(poolType, "kafka-pool-west-c"))
	recording.Get(t, topicType, "kafka-topic-orders").AssertDependsOn(t, ref(clusterType, "kafka-cluster"))
	recording.Get(t, userType, "kafka-billing-user").AssertDependsOn(t, ref(clusterType, "kafka-cluster"),
		ref(externalType, "kafka-billing-secret"))
	recording.Get(t, externalType, "kafka-authority-secret").AssertDependsOn(t, ref(clusterType, "kafka-cluster"))
}

// A pool has no condition: who waits for one would wait for ever (internal/sandbox/strimzi/clusteroperator).
func TestTheEngineWaitsForWhatSaysThatItIsReady(t *testing.T) {
	recording := recorded(t, args())
	const waitFor = "pulumi.com/waitFor"
	for _, kind := range []string{clusterType, topicType, userType} {
		for _, one := range recording.Each(t, kind) {
			assert.Equal(t, "condition=Ready", one.At("metadata", "annotations", waitFor), one.Name)
			assert.NotEmpty(t, one.CreateTimeout, one.Name)
			assert.Equal(t, one.CreateTimeout, one.UpdateTimeout, one.Name)
		}
	}
	for _, one := range recording.Each(t, poolType) {
		assert.Nil(t, one.At("metadata", "annotations"), one.Name)
	}
}

func TestWhatHoldsMessagesIsProtectedAndStays(t *testing.T) {
	holds := []string{clusterType, poolType, topicType}
	for _, protect := range []bool{true, false} {
		of := args()
		of.Protect = protect
		recording := recorded(t, of)
		for _, kind := range holds {
			for _, one := range recording.Each(t, kind) {
				assert.Equal(t, protect, one.Protect, one.Name)
				assert.Equal(t, protect, one.RetainOnDelete, one.Name)
			}
		}
		for _, one := range recording.Each(t, userType) {
			assert.False(t, one.Protect, "a user that nobody needs any more goes")
		}
	}
	for _, one := range recorded(t, args()).Each(t, poolType) {
		assert.Equal(t, false, one.At("spec", "storage", "deleteClaim"), one.Name)
	}
}

func TestEachZoneHasAPoolThatStaysThere(t *testing.T) {
	for name, test := range map[string]struct {
		zones   []string
		brokers int
		want    map[string]int
		reason  string
	}{
		"one in each":      {[]string{"a", "b", "c"}, 3, map[string]int{"a": 1, "b": 1, "c": 1}, "the usual case"},
		"more than zones":  {[]string{"a", "b"}, 5, map[string]int{"a": 3, "b": 2}, "as even as it can be"},
		"fewer than zones": {[]string{"a", "b", "c"}, 1, map[string]int{"a": 1}, "a pool without brokers is none"},
		"no zone is known": {nil, 3, map[string]int{"nodes": 3}, "an existing cluster may not say"},
		"in another order": {[]string{"c", "a", "b"}, 3, map[string]int{"a": 1, "b": 1, "c": 1}, "no volume moves"},
	} {
		t.Run(name, func(t *testing.T) {
			of := args()
			of.Zones, of.Spec.Brokers = test.zones, test.brokers
			recording := recorded(t, of)
			found := map[string]int{}
			for _, one := range recording.Each(t, poolType) {
				pool := one.At("metadata", "name").(string)
				found[pool] = one.At("spec", "replicas").(int)
				template := []any{"spec", "template"}
				zone := one.At(append(template, "pod", "affinity", "nodeAffinity",
					"requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms", 0, "matchExpressions", 0)...)
				variable := one.At(append(template, "kafkaContainer", "env", 0)...)
				if test.zones == nil {
					assert.Nil(t, zone)
					assert.Nil(t, variable)
					continue
				}
				assert.Equal(t, map[string]any{
					"key": "topology.kubernetes.io/zone", "operator": "In", "values": []any{pool},
				}, zone)
				assert.Equal(t, map[string]any{"name": "BROKER_ZONE", "value": pool}, variable)
			}
			assert.Equal(t, test.want, found, test.reason)
			rack := recording.Get(t, clusterType, "kafka-cluster").At("spec", "kafka", "rack")
			if test.zones == nil {
				assert.Nil(t, rack)
			} else {
				assert.Equal(t, map[string]any{"type": "environment-variable", "envVarName": "BROKER_ZONE"}, rack)
			}
		})
	}
}

func TestTheNodeThatGoesTakesOneBrokerWithIt(t *testing.T) {
	for _, one := range recorded(t, args()).Each(t, poolType) {
		assert.Equal(t, map[string]any{
			"topologyKey":   "kubernetes.io/hostname",
			"labelSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": "kafka"}},
		}, one.At("spec", "template", "pod", "affinity", "podAntiAffinity",
			"requiredDuringSchedulingIgnoredDuringExecution", 0))
		assert.Nil(t, one.At("spec", "template", "pod", "tolerations"), "it never runs on a spot node")
		assert.Equal(t, "dreamseed-critical", one.At("spec", "template", "pod", "priorityClassName"))
	}
}

func TestTheVolumesAreOfTheContract(t *testing.T) {
	of := args()
	storage := recorded(t, of).Each(t, poolType)[0].At("spec", "storage")
	assert.Equal(t, map[string]any{
		"type": "persistent-claim", "size": "50Gi", "class": "encrypted", "deleteClaim": false,
	}, storage)
	of.StorageClass = ""
	assert.Nil(t, recorded(t, of).Each(t, poolType)[0].At("spec", "storage", "class"), "the cluster's default")
}

func TestTheCopiesFollowTheBrokers(t *testing.T) {
	for brokers, want := range map[int][2]int{1: {1, 1}, 3: {3, 2}, 5: {3, 2}} {
		of := args()
		of.Spec.Brokers = brokers
		recording := recorded(t, of)
		config := recording.Get(t, clusterType, "kafka-cluster").At("spec", "kafka", "config").(map[string]any)
		for key, value := range map[string]int{
			"default.replication.factor": want[0], "offsets.topic.replication.factor": want[0],
			"transaction.state.log.replication.factor": want[0],
			"min.insync.replicas":                      want[1], "transaction.state.log.min.isr": want[1],
		} {
			assert.Equal(t, value, config[key], "%s of %d brokers", key, brokers)
		}
		for _, topic := range recording.Each(t, topicType) {
			assert.Equal(t, want[0], topic.At("spec", "replicas"), topic.Name)
		}
	}
}

func TestOnlyDeclaredTopicsExist(t *testing.T) {
	recording := recorded(t, args())
	assert.Equal(t, []string{"kafka-topic-bills", "kafka-topic-orders", "kafka-topic-returns"},
		mocktest.Names(recording.OfType(topicType)))
	assert.Equal(t, false, recording.Get(t, clusterType, "kafka-cluster").
		At("spec", "kafka", "config", "auto.create.topics.enable"))
	bills := recording.Get(t, topicType, "kafka-topic-bills")
	assert.Equal(t, "bills", bills.At("metadata", "name"))
	assert.Equal(t, "kafka", bills.At("metadata", "labels", "strimzi.io/cluster"))
	assert.Equal(t, "billing-service", bills.At("metadata", "labels", "app.kubernetes.io/name"), "its owner")
}

// Kafka deletes whole segments, the last one never: a partition that gets little would keep it for a week.
func TestAMessageIsKeptForItsRetentionAndLittleLonger(t *testing.T) {
	of := args()
	of.Spec.RetentionHours = 24
	topic := recorded(t, of).Get(t, topicType, "kafka-topic-bills")
	assert.Equal(t, map[string]any{"retention.ms": "86400000", "segment.ms": "10800000"}, topic.At("spec", "config"))
}

// A consumer has at most as many working pods as its topics have partitions.
func TestEveryPodOfAConsumerHasAPartition(t *testing.T) {
	topic := recorded(t, args()).Get(t, topicType, "kafka-topic-bills")
	for _, service := range platform().Services {
		if len(service.Needs.Consumes) > 0 {
			assert.LessOrEqual(t, service.Autoscaling.MaxReplicas, topic.At("spec", "partitions"), service.Name)
		}
	}
}

func TestTheServicesSignInByPasswordOverTLS(t *testing.T) {
	kafka := cluster(t, args())
	assert.Equal(t, []any{map[string]any{
		"name": "tls", "port": 9093, "type": "internal", "tls": true,
		"authentication": map[string]any{"type": "scram-sha-512"},
		"networkPolicyPeers": []any{map[string]any{"podSelector": map[string]any{"matchExpressions": []any{map[string]any{
			"key": "app.kubernetes.io/name", "operator": "In", "values": []any{"billing-service", "order-service"},
		}}}}},
	}}, kafka.At("spec", "kafka", "listeners"), "there is no other way in")
	assert.Equal(t, map[string]any{"type": "simple"}, kafka.At("spec", "kafka", "authorization"),
		"without superusers, and whatever no rule allows is refused")
}

func TestTheMetricsSayWhetherCopiesAreMissingAndConsumersLag(t *testing.T) {
	spec := cluster(t, args()).At("spec")
	assert.Equal(t, "strimziMetricsReporter", mocktest.At(spec, "kafka", "metricsConfig", "type"))
	assert.Contains(t, mocktest.At(spec, "kafka", "metricsConfig", "values", "allowList"),
		"kafka_server_replicamanager_.*")
	assert.Equal(t, ".*", mocktest.At(spec, "kafkaExporter", "groupRegex"))
	assert.Equal(t, ".*", mocktest.At(spec, "kafkaExporter", "topicRegex"))
}

// Strimzi writes a Secret for each user, of the user's name: it must be none that a service or another store has.
func TestTheSecretsOfTheUserOperatorHaveAPrefix(t *testing.T) {
	assert.Equal(t, "kafka-user-",
		cluster(t, args()).At("spec", "entityOperator", "userOperator", "secretPrefix"))
}

func TestAServiceSignsInWithItsOwnSecret(t *testing.T) {
	recording, connections := built(t, args())
	assert.Equal(t, map[string]any{
		"KAFKA_BOOTSTRAP_SERVERS": "kafka-kafka-bootstrap.shop.svc:9093",
		"KAFKA_PASSWORD":          "{{ .password }}",
		"KAFKA_USERNAME":          "billing",
		"password":                "{{ .password }}",
	}, recording.Get(t, externalType, "kafka-billing-secret").At("spec", "target", "template", "data"))
	user := recording.Get(t, userType, "kafka-billing-user")
	assert.Equal(t, "billing", user.At("metadata", "name"), "the user's name is what it signs in with")
	assert.Equal(t, map[string]any{
		"type": "scram-sha-512", "password": map[string]any{"valueFrom": map[string]any{
			"secretKeyRef": map[string]any{"name": "billing-service-kafka", "key": "password"},
		}},
	}, user.At("spec", "authentication"))
	assert.Equal(t, []secrets.Mounted{
		{Name: "kafka-authority", Key: "KAFKA_CA_CERTIFICATE"},
		{Name: "billing-service-kafka", Key: "KAFKA_BOOTSTRAP_SERVERS"},
		{Name: "billing-service-kafka", Key: "KAFKA_PASSWORD"},
		{Name: "billing-service-kafka", Key: "KAFKA_USERNAME"},
	}, connections["billing"].Files)
	assert.Len(t, connections["billing"].Ready, 4, "the authority, its user, and its two topics")
	require.Len(t, connections, 2)
	assert.NotContains(t, connections, "page", "it needs no topic, so it gets nothing")
}

func TestTheAuthorityFollowsStrimzis(t *testing.T) {
	authority := recorded(t, args()).Get(t, externalType, "kafka-authority-secret")
	assert.Equal(t, "kafka-cluster-ca-cert", authority.At("spec", "data", 0, "remoteRef", "key"))
	assert.Equal(t, "ca.crt", authority.At("spec", "data", 0, "remoteRef", "property"))
	assert.Equal(t, map[string]any{"KAFKA_CA_CERTIFICATE": "{{ .certificate }}"},
		authority.At("spec", "target", "template", "data"))
}

// A prefix lets in every group that begins with it: those of a service whose name begins with that of another, too.
func TestNoServicesNameBeginsWithAnothers(t *testing.T) {
	for _, one := range catalogue.Names() {
		for _, other := range catalogue.Names() {
			if one != other {
				assert.NotRegexp(t, "^"+one, other)
			}
		}
	}
}

func TestALargerVolumeChangesThePoolsAlone(t *testing.T) {
	of := args()
	of.Spec.Storage = resource.MustParse("80Gi")
	assert.Equal(t, []string{"kafka-pool-west-a", "kafka-pool-west-b", "kafka-pool-west-c"},
		mocktest.Changed(recorded(t, args()), recorded(t, of)))
}

func TestAFurtherConsumerChangesNoOtherUser(t *testing.T) {
	of := args()
	of.Services[2].Needs.Consumes = []string{"bills"}
	assert.Equal(t, []string{"kafka-cluster", "kafka-page-password", "kafka-page-secret", "kafka-page-user"},
		mocktest.Changed(recorded(t, args()), recorded(t, of)), "the cluster lets its pods in")
}
