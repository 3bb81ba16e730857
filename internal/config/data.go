package config

import (
	"slices"

	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

// defaultData returns the defaults of the stores. The given section only says which modes they are for.
func defaultData(given any) data.Spec {
	sections, _ := given.(map[string]any)
	mode := func(name string) store.Mode {
		section, _ := sections[name].(map[string]any)
		chosen, _ := section["mode"].(string)
		return store.Mode(chosen)
	}
	return data.Default(data.Modes{
		Postgres: mode("postgres"), Redis: mode("redis"), Kafka: mode("kafka"), Objects: mode("objects"),
	})
}

// readStores declares the secrets with which services reach the stores that somebody else runs.
func (c *Config) readStores() {
	for i, service := range c.Services {
		for _, key := range c.Data.ReadFiles(service.Needs) {
			if _, given := service.Secrets[key]; !given {
				c.Services[i].Secrets[key] = catalogue.Secret{}
			}
		}
	}
}

func (c *Config) validateData(problems *invalid.Problems) {
	c.Data.Validate(data.Surroundings{
		Production: c.Environment == Production, Services: c.Services, Cluster: &c.Cluster, OnDemand: c.onDemand(),
		Closed: c.Closed(),
	}, problems)
	for _, service := range c.Services {
		for _, key := range c.Data.WrittenFiles(service.Needs) {
			if _, given := service.Secrets[key]; given {
				problems.AddSecret("services."+service.Name+".secrets."+key,
					"must not be given: the platform writes this file itself, with what it draws in the cluster")
			}
		}
	}
}

// onDemand returns the pools whose nodes are not taken back.
func (c *Config) onDemand() []catalogue.Pool {
	return slices.DeleteFunc(pools(&c.Cluster), func(pool catalogue.Pool) bool { return pool.Spot })
}

// Peak returns the most that the services and their stores may request from their namespace at one moment.
func (c *Config) Peak() catalogue.Demand {
	demand := catalogue.Peak(c.Services)
	demand.Add(c.Data.Demand(c.Services))
	return demand
}

// dataOperators returns the operators that run the stores in the cluster.
func (c *Config) dataOperators() []operator.Operator {
	var needed []operator.Operator
	if c.Data.Postgres.Mode == store.InCluster {
		needed = append(needed, operator.NewCloudNativePG(operator.CloudNativePGArgs{Namespace: c.Environment.Namespace()}))
	}
	if c.Data.Kafka.Mode == store.InCluster {
		needed = append(needed, operator.NewStrimzi(operator.StrimziArgs{Namespace: c.Environment.Namespace()}))
	}
	return needed
}
