package config

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/logging"
)

// defaultStores are the stores of the services' lines, by environment.
var defaultStores = map[Environment]logging.Store{
	Production: logging.Elastic, Staging: logging.VictoriaLogs, Local: logging.None,
}

// productionDailyGB is what the services of an environment with ten thousand users log a day.
const productionDailyGB = 5

// defaultLogs returns the defaults of an environment's logs. The given section only says which store they are for.
func defaultLogs(of Environment, given any) logging.Spec {
	store, found := defaultStores[of]
	if !found {
		store = logging.None // the environment has a rule of its own
	}
	section, _ := given.(map[string]any)
	if chosen, found := section["store"].(string); found {
		store = logging.Store(chosen)
	}
	spec := logging.Default(store)
	if of == Production && spec.Enabled() {
		spec.DailyGB = productionDailyGB
	}
	return spec
}

func (c *Config) validateLogs(problems *invalid.Problems) {
	c.Logs.Validate(logging.Surroundings{
		Disk:     c.smallestDisk(),
		OnDemand: c.onDemand(),
	}, problems)
}

// smallestDisk returns the size of the smallest disk of a node. Without pools, which a rule demands, it bounds nothing.
func (c *Config) smallestDisk() resource.Quantity {
	smallest := resource.MustParse("1Ei")
	for _, pool := range c.Cluster.NodePools {
		disk := *resource.NewScaledQuantity(int64(pool.Disk()), resource.Giga)
		if disk.Cmp(smallest) < 0 {
			smallest = disk
		}
	}
	return smallest
}

// logOperators returns the operator that runs the store, if one does.
func (c *Config) logOperators() []operator.Operator {
	if c.Logs.Store != logging.Elastic {
		return nil
	}
	return []operator.Operator{operator.NewECK(operator.ECKArgs{Namespace: MonitoringNamespace})}
}

// NodeAgents reports whether there are agents on the nodes: exporters, or collectors of logs.
func (c *Config) NodeAgents() bool { return c.Monitoring.IsOwn() || c.Logs.Enabled() }
