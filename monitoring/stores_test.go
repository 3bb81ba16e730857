package monitoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
)

func TestPrometheusReachesTheStoresThatItScrapes(t *testing.T) {
	pods := namespace.Pods{Labels: map[string]string{"cnpg.io/cluster": "postgres"}}
	args := &monitoring.Args{
		Namespace: "dreamseed-monitoring", NodeAgents: "dreamseed-node-agents", ServicesNamespace: "dreamseed-production",
		Stores: monitoring.Stores{Targets: []scrape.Target{
			{Job: contract.JobPostgres, Namespace: "dreamseed-production", Pods: pods, Port: 9187},
		}},
	}
	targets := scrape.Targets(monitoring.ScrapeArgs(args))
	assert.Subset(t, targets, args.Stores.Targets)

	var reached []namespace.Peer
	for _, one := range monitoring.Policies(monitoring.PoliciesArgs{Namespace: args.Namespace, Targets: targets}) {
		if one.Name == "allow-scrape" {
			assert.Equal(t, namespace.Egress, one.Direction)
			reached = append(reached, one.Peers...)
		}
	}
	assert.Contains(t, reached, namespace.Peer{Namespace: "dreamseed-production", Pods: pods, TCP: []int{9187}})
}
