package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofPostgres selects the metrics that CloudNativePG serves of each server: its own, and those of the queries that it
// brings (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/monitoring.md,
// https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/config/manager/default-monitoring.yaml).
var ofPostgres = ofJob(contract.JobPostgres)

// postgresFailing finds servers without PostgreSQL, and replicas without a primary: nothing can be written.
func postgresFailing() []string {
	return []string{
		byJob + "(" + ofPostgres.Of("cnpg_collector_up") + ") == 0",
		"min by (job) (" + ofPostgres.Of("cnpg_pg_replication_in_recovery") + ") == 1",
	}
}

func postgresAlerts() []definition { return []definition{postgresReplicaBehind()} }

// postgresReplicaBehind compares as the operator's own rules do
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/samples/monitoring/prometheusrule.yaml). The
// lag of a replica that receives nothing is 0: it has replayed all that it knows.
func postgresReplicaBehind() definition {
	return definition{
		name: "PostgresReplicaBehind", severity: rule.Ticket, lasting: "10m",
		expr: byPod + "(" + ofPostgres.Of("cnpg_pg_replication_lag") + ") > 300\nor\n" +
			byPod + "(" + ofPostgres.Of("cnpg_pg_replication_in_recovery") + ") > " +
			byPod + "(" + ofPostgres.Of("cnpg_pg_replication_is_wal_receiver_up") + ")",
		summary: "The replica {{ $labels.pod }} does not follow its primary",
		description: "{{ $labels.pod }} receives nothing, or is more than five minutes behind: " +
			"what is not there yet would be lost if it had to take over.",
	}
}
