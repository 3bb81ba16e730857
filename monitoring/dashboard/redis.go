package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// redis reads the metrics of the exporter beside Valkey
// (https://github.com/oliver006/redis_exporter/blob/v1.86.0/exporter/exporter.go).
func redis() []panel {
	of := func(name string) string {
		return job(contract.JobRedis).Of("redis_" + name)
	}
	return []panel{
		{
			kind: lines, title: "Memory for keys", unit: units.PercentUnit, colours: poorFrom(0.85),
			description: "The used share of the memory for keys. When it is full, keys are removed or writes refused.",
			queries: []query{{
				highest(contract.LabelPod, of("memory_used_bytes")+" / "+of("memory_max_bytes")), byPod,
			}},
		},
		{
			kind: lines, title: "Commands", unit: units.OpsPerSecond,
			description: "Commands of all services.",
			queries:     []query{{total(rate(of("commands_processed_total"))), "commands"}},
		},
		{
			kind: lines, title: "Hits", unit: units.PercentUnit,
			description: "The share of reads that found their key.",
			queries: []query{{
				total(rate(of("keyspace_hits_total"))) + " / (" + total(rate(of("keyspace_hits_total"))) + " + " +
					total(rate(of("keyspace_misses_total"))) + ")", "hits",
			}},
		},
		{
			kind: lines, title: "Removed keys and errors", unit: units.OpsPerSecond,
			description: "Keys that were removed for want of memory, and answers that were an error. OOM and MISCONF are " +
				"writes that Valkey refused.",
			queries: []query{
				{total(rate(of("evicted_keys_total"))), "removed"},
				{sum("err", rate(of("errors_total"))), "{{err}}"},
			},
		},
	}
}
