package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// postgres reads the metrics of the servers, and of the queries that CloudNativePG brings
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/config/manager/default-monitoring.yaml).
func postgres() []panel {
	const database = "datname"
	of := func(name string) string {
		return job(contract.JobPostgres).Of("cnpg_" + name)
	}
	return []panel{
		{
			kind: lines, title: "Servers", unit: units.Short,
			description: "1 for each server whose PostgreSQL answers.",
			queries:     []query{{highest(contract.LabelPod, of("collector_up")), byPod}},
		},
		{
			kind: lines, title: "Replication lag", unit: units.Seconds, colours: poorFrom(300),
			description: "How far each replica is behind: what it does not have yet would be lost if it had to take over.",
			queries:     []query{{highest(contract.LabelPod, of("pg_replication_lag")), byPod}},
		},
		{
			kind: lines, title: "Connections", unit: units.Short,
			description: "Connections to each database, of all servers.",
			queries:     []query{{sum(database, of("backends_total")), "{{" + database + "}}"}},
		},
		{
			kind: lines, title: "Size of the databases", unit: units.BytesIEC,
			description: "The size of each database, without the log.",
			queries:     []query{{highest(database, of("pg_database_size_bytes")), "{{" + database + "}}"}},
		},
	}
}
