package operator_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

func TestStrimziWatchesTheServicesAlone(t *testing.T) {
	values := charttest.Values(t, charttest.Registered(t, operator.Strimzi))
	assert.Equal(t, []any{charttest.Services}, mocktest.At(values, "watchNamespaces"))
	assert.NotContains(t, values, "watchAnyNamespace")
}

// The policies that it would make admit every pod of the cluster to the metrics.
func TestStrimziMakesNoNetworkPolicy(t *testing.T) {
	values := charttest.Values(t, charttest.Registered(t, operator.Strimzi))
	assert.Equal(t, false, mocktest.At(values, "generateNetworkPolicy"))
}

func TestStrimziReachesTheAPIServerAndTheNodesOfKafka(t *testing.T) {
	policies := operator.NewStrimzi(operator.StrimziArgs{Namespace: "shop"}).Policies()
	assert.Equal(t, []namespace.Policy{
		{Name: "allow-api-server", Direction: namespace.Egress, Peers: []namespace.Peer{namespace.APIServer()}},
		{Name: "allow-kafka", Direction: namespace.Egress, Peers: []namespace.Peer{
			{Namespace: "shop", TCP: []int{8443, 9090, 9091}},
		}},
	}, policies)
}
