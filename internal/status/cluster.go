package status

import (
	"context"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/live"
)

// Cluster is the cluster of an environment.
type Cluster struct {
	Name string `json:"name"`
	// Version is the version of the API server.
	Version string `json:"version"`
	Pools   []Pool `json:"pools"`
}

// Pool is a node pool of the configuration. Nodes without the label of a pool are in one without a name.
type Pool struct {
	Name  string `json:"name"`
	Ready int    `json:"ready"`
	Nodes int    `json:"nodes"`
	// Min is the least number of nodes, as the configuration says. 0 where somebody else runs the nodes.
	Min int `json:"min"`
}

// problems returns the pools that have fewer ready nodes than their minimum.
func (c *Cluster) problems() []string {
	problems := []string{}
	for _, pool := range c.Pools {
		if pool.Ready < pool.Min {
			problems = append(problems, fmt.Sprintf("pool %s has %d ready nodes (of %d): its minimum is %d",
				pool.Name, pool.Ready, pool.Nodes, pool.Min))
		}
	}
	return problems
}

type node struct {
	Metadata struct {
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Status struct {
		Conditions []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
		} `json:"conditions"`
	} `json:"status"`
}

func (n node) ready() bool {
	for _, one := range n.Status.Conditions {
		if one.Type == "Ready" {
			return one.Status == "True"
		}
	}
	return false
}

func lookAtCluster(ctx context.Context, reader live.Reader, cfg *config.Config) (*Cluster, error) {
	var version struct {
		GitVersion string `json:"gitVersion"`
	}
	if err := reader.Read(ctx, "/version", &version); err != nil {
		return nil, fmt.Errorf("asking the cluster for its version: %w", err)
	}
	var nodes struct {
		Items []node `json:"items"`
	}
	if err := reader.Read(ctx, "/api/v1/nodes", &nodes); err != nil {
		return nil, fmt.Errorf("listing the nodes: %w", err)
	}
	return &Cluster{cfg.Cluster.Name, version.GitVersion, poolsOf(&cfg.Cluster, nodes.Items)}, nil
}

// poolsOf counts the nodes of each declared pool, and of any other that is there.
func poolsOf(declared *cluster.Spec, nodes []node) []Pool {
	pools := []Pool{}
	for _, one := range declared.NodePools {
		pool := Pool{Name: one.Name}
		if declared.Cloud.Managed() {
			pool.Min = one.MinNodes
		}
		pools = append(pools, pool)
	}
	for _, one := range nodes {
		name := one.Metadata.Labels[cluster.PoolLabel]
		at := slices.IndexFunc(pools, func(pool Pool) bool { return pool.Name == name })
		if at < 0 {
			pools, at = append(pools, Pool{Name: name}), len(pools)
		}
		pools[at].Nodes++
		if one.ready() {
			pools[at].Ready++
		}
	}
	return pools
}
