package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofRedis selects the metrics of the exporter beside Valkey
// (https://github.com/oliver006/redis_exporter/blob/v1.86.0/exporter/exporter.go).
var ofRedis = ofJob(contract.JobRedis)

// redisFailing finds a Valkey that does not answer its exporter.
func redisFailing() []string { return []string{byJob + "(" + ofRedis.Of("redis_up") + ") == 0"} }

func redisAlerts() []definition { return []definition{redisMemoryFilling(), redisWritesRefused()} }

// redisMemoryFilling leaves out a Valkey that makes room by itself: its memory is full, and should be.
func redisMemoryFilling() definition {
	keeps := ofRedis.And(contract.Equal("maxmemory_policy", "noeviction")).Of("redis_instance_info")
	return definition{
		name: "RedisMemoryFilling", severity: rule.Ticket, lasting: "15m",
		expr: byPod + "(\n  " + ofRedis.Of("redis_memory_used_bytes") + " / " + ofRedis.Of("redis_memory_max_bytes") +
			"\n) > 0.85\nand on (namespace, pod) " + keeps,
		summary: "The memory for keys of {{ $labels.pod }} is filling",
		description: "{{ $value | humanizePercentage }} of the memory for keys is used. When it is full, " +
			"{{ $labels.pod }} refuses every write that needs more.",
	}
}

// redisWritesRefused counts the answers OOM, without memory, and MISCONF, without a disk that can be written
// (https://valkey.io/topics/lru-cache, https://valkey.io/topics/persistence).
func redisWritesRefused() definition {
	refused := ofRedis.And(oneOf("err", "MISCONF", "OOM")).Of("redis_errors_total")
	return definition{
		name: "RedisWritesRefused", severity: rule.Page, lasting: "2m",
		expr:        increase("err", refused, "10m") + " > 0",
		summary:     "Valkey refuses writes: {{ $labels.err }}",
		description: "{{ $value | humanize }} writes were answered with {{ $labels.err }} within ten minutes.",
	}
}
