package live

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
)

// at returns the metadata of an object of the second generation.
func at(name string) fields {
	return fields{
		"name": name, "namespace": "home", "generation": 2, "labels": fields{"strimzi.io/cluster": "kafka"},
	}
}

func postgresOf(status fields) cluster {
	return cluster{clustersPath + ofThePlatform: {{
		"metadata": at("postgres"), "spec": fields{"imageName": "postgresql:18.4", "instances": 3}, "status": status,
	}}}
}

func said(kind, status, message string) []fields {
	return []fields{{"type": kind, "status": status, "reason": "Because", "message": message}}
}

// healthy is what CloudNativePG says of a Cluster with nothing left to do.
func healthy() fields {
	return fields{
		"readyInstances": 3, "phase": "Cluster in healthy state", "image": "postgresql:18.4",
		"conditions": said("Ready", "True", ""),
	}
}

func kafkaOf(brokers int, status fields) cluster {
	return cluster{
		kafkasPath + ofThePlatform: {{
			"metadata": at("kafka"), "spec": fields{"kafka": fields{"version": "4.3.1"}}, "status": status,
		}},
		poolsPath + ofThePlatform: {
			{"metadata": at("zone-a"), "spec": fields{"replicas": 2}, "status": fields{"replicas": brokers}},
			{"metadata": fields{"name": "other", "namespace": "home"}, "spec": fields{"replicas": 5}},
		},
	}
}

func running() fields {
	return fields{"observedGeneration": 2, "kafkaVersion": "4.3.1", "conditions": said("Ready", "True", "")}
}

// onePath has the objects of the lists whose path begins so.
type onePath struct {
	path  string
	items []fields
}

func (o onePath) Read(ctx context.Context, path string, answer any) error {
	if !strings.HasPrefix(path, o.path) {
		return nil
	}
	return cluster{path: o.items}.Read(ctx, path, answer)
}

func (onePath) ReadMetadata(context.Context, string, any) error { return nil }

func everything(operator.Name) bool { return true }

func TestAStoreIsUpWhenItsOperatorIsDoneWithIt(t *testing.T) {
	cases := map[string]struct {
		of      cluster
		ready   int
		problem string
		stuck   bool
	}{
		"PostgreSQL": {postgresOf(healthy()), 3, "", false},
		"nothing said": {
			postgresOf(fields{}), 0, "its operator has not looked at it", false,
		},
		"an instance is away": {
			postgresOf(with(healthy(), "readyInstances", 2)), 2, "2 of 3 instances are ready", false,
		},
		"a former image": {
			postgresOf(with(healthy(), "image", "postgresql:18.3")), 3, "it still runs postgresql:18.3", false,
		},
		"a condition": {
			postgresOf(with(healthy(), "conditions", said("Ready", "False", "no"))), 3, "it is not ready; no", false,
		},
		"what takes its time": {
			postgresOf(with(healthy(), "phase", "Failing over")), 3, "Failing over", false,
		},
		"what ends with people": {
			postgresOf(with(with(healthy(), "phase", "Invalid cluster definition"), "phaseReason", "why")), 3,
			"Invalid cluster definition; why", true,
		},
		"Kafka": {kafkaOf(2, running()), 2, "", false},
		"a broker is missing": {
			kafkaOf(1, running()), 1, "1 of 2 brokers are there", false,
		},
		"a former version": {
			kafkaOf(2, with(running(), "kafkaVersion", "4.2.0")), 2, "it still runs 4.2.0", false,
		},
		"a former generation": {
			kafkaOf(2, with(running(), "observedGeneration", 1)), 2, hasNotLooked, false,
		},
		"Kafka is refused": {
			kafkaOf(2, with(running(), "conditions", said("NotReady", "True", "invalid"))), 2, "Because: invalid", true,
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			seen, err := Look(t.Context(), tt.of, everything)
			require.NoError(t, err)
			require.Len(t, seen.Stores, 1)
			store := seen.Stores[0]
			assert.Equal(t, tt.ready, store.Ready)
			assert.Equal(t, tt.problem, store.Problem)
			assert.Equal(t, tt.problem == "", store.Up)
			assert.Equal(t, tt.stuck, store.stuck)
			assert.NotEmpty(t, store.Detail)
			assert.Equal(t, store.Up, len(store.problems()) == 0)
		})
	}
}

func TestADeploymentOfAStoreIsNoService(t *testing.T) {
	redis := deployment(settled())
	redis["metadata"].(fields)["name"] = "redis-a"
	redis["metadata"].(fields)["labels"] = fields{"app.kubernetes.io/name": "redis"}
	seen := &Environment{}
	seen.readWorkloads(parse(t, redis, deployment(settled())))

	require.Len(t, seen.Services, 1)
	assert.Equal(t, []Store{{Name: "redis", Ready: 2, Desired: 2, Up: true, Detail: "auth:2"}}, seen.Stores)
	assert.True(t, seen.RolledOut())

	redis["status"] = with(settled(), "readyReplicas", 1)
	pod := fields{"kind": "Pod", "metadata": fields{"name": "p", "labels": fields{"app.kubernetes.io/name": "redis"}},
		"status": fields{"conditions": said("PodScheduled", "False", "no room")}}
	seen = &Environment{}
	seen.readWorkloads(parse(t, redis, pod, deployment(settled())))
	assert.False(t, seen.Stores[0].Up)
	assert.Contains(t, seen.Stores[0].Problem, "no room")
	assert.False(t, seen.RolledOut(), "services alone are not the environment")
}

func TestTheRedisOfSomebodyElseIsNoStore(t *testing.T) {
	labelled := func(labels fields) *Environment {
		redis := deployment(settled())
		redis["metadata"].(fields)["labels"] = labels
		of := onePath{path: "/apis/apps/v1/deployments?", items: []fields{redis}}
		seen, err := Look(t.Context(), of, func(operator.Name) bool { return false })
		require.NoError(t, err)
		return seen
	}
	assert.Empty(t, labelled(fields{"app.kubernetes.io/name": "redis"}).Stores)
	ours := labelled(fields{"app.kubernetes.io/name": "redis", "app.kubernetes.io/part-of": "dreamseed"})
	assert.Len(t, ours.Stores, 1, "the control")
}

func TestStoresAreInTheOrderOfTheirSection(t *testing.T) {
	all := postgresOf(healthy())
	for path, items := range kafkaOf(2, running()) {
		all[path] = items
	}
	var names []string
	seen, err := Look(t.Context(), all, everything)
	require.NoError(t, err)
	for _, one := range seen.Stores {
		names = append(names, one.Name)
	}
	assert.Equal(t, []string{"postgres", "kafka"}, names)

	none, err := Look(t.Context(), all, func(operator.Name) bool { return false })
	require.NoError(t, err)
	assert.Empty(t, none.Stores, "what is not served is not asked for")
}

func TestWhatAStoreHoldsHasToBeThere(t *testing.T) {
	const database, topic = "Database", "KafkaTopic"
	cases := map[string]struct {
		kind    string
		status  fields
		problem string
		settled bool
	}{
		"applied":   {database, fields{"applied": true, "observedGeneration": 2}, "", false},
		"of before": {database, fields{"applied": true, "observedGeneration": 1}, hasNotLooked, false},
		"not tried": {database, fields{}, hasNotLooked, false},
		"refused":   {database, fields{"applied": false, "message": "no owner"}, "it is not applied; no owner", true},
		"a topic":   {topic, fields{"observedGeneration": 2, "conditions": said("Ready", "True", "")}, "", false},
		"a refused topic": {topic, fields{"observedGeneration": 2, "conditions": said("Ready", "False", "few")},
			"Because: few", true},
		"a refusal of before": {topic, fields{"observedGeneration": 1, "conditions": said("Ready", "False", "few")},
			hasNotLooked, false},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			kind := heldKinds[slices.IndexFunc(heldKinds, func(one heldKind) bool { return one.name == tt.kind })]
			object := fields{"metadata": at("it"), "status": tt.status}
			of := cluster{kind.path + ofThePlatform: {object}}
			seen, err := Look(t.Context(), of, everything)
			require.NoError(t, err)
			if tt.problem == "" {
				assert.Empty(t, seen.Problems)
				return
			}
			assert.Equal(t, []Problem{{What: tt.kind + " it: " + tt.problem, Settled: tt.settled}}, seen.Problems)

			object["metadata"] = with(at("it"), "deletionTimestamp", "2026-01-01T00:00:00Z")
			seen, err = Look(t.Context(), of, everything)
			require.NoError(t, err)
			assert.Empty(t, seen.Problems, "it is on its way out")
		})
	}
}
