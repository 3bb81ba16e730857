package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// byNode is the legend of series by node.
const byNode = "{{" + contract.LabelNode + "}}"

// nodes shows the machines and what the cloud takes back of them.
func nodes() page {
	return page{
		uid: "platform-nodes", title: "Nodes and spot", folder: platformFolder,
		answers: "Are there enough nodes, is one of them short of something, and how often does the cloud reclaim one?",
		rows: []row{
			{"Capacity", capacity()},
			{"Use", use()},
			{"Hosts", hosts()},
		},
	}
}

// labelCapacity is the label dreamseed.ai/capacity of a node, as kube-state-metrics writes it.
const labelCapacity = "label_dreamseed_ai_capacity"

func capacity() []panel {
	ready := object("kube_node_status_condition",
		contract.Equal(labelCondition, "Ready"), contract.Equal(labelStatus, "true"))
	return []panel{
		{
			kind: lines, title: "Nodes", unit: units.Short,
			description: "The nodes that there are, are ready, and take no new pods. A reclaimed spot node is a step down.",
			queries: []query{
				{count(object("kube_node_info")), "all"},
				{total(ready), "ready"},
				{total(object("kube_node_spec_unschedulable")), "closed"},
			},
		},
		{
			kind: lines, title: "Spot and on demand", unit: units.Short,
			description: "Nodes by their capacity. Pods that stay on few spot nodes are hit together when the cloud needs them.",
			queries: []query{{
				"count by (" + labelCapacity + ") (" + object("kube_node_labels") + ")", "{{" + labelCapacity + "}}",
			}},
		},
		{
			kind: lines, title: "Nodes by taint", unit: units.Short,
			description: "Nodes that repel pods, by the reason: spot capacity, a node that is about to go or not reachable.",
			queries:     []query{{"count by (key) (" + object("kube_node_spec_taint") + ")", "{{key}}"}},
		},
		{
			kind: lines, title: "Pods lost with their node", unit: units.Short,
			description: "Pods that ended for a reason of their node: evicted, shut down with it, or lost.",
			queries:     []query{{sum("reason", object("kube_pod_status_reason")), "{{reason}}"}},
		},
	}
}

func use() []panel {
	return []panel{
		{
			kind: lines, title: "CPU", unit: units.PercentUnit,
			description: "The share of the processor time for pods that each node uses.",
			queries:     []query{{ofAllocatable(rate(used("node_cpu_usage_seconds_total")), cpu), byNode}},
		},
		{
			kind: lines, title: "Memory", unit: units.PercentUnit,
			description: "The share of the memory for pods that each node uses. Above 100 % the kubelet evicts pods.",
			queries:     []query{{ofAllocatable(used("node_memory_working_set_bytes"), memory), byNode}},
		},
		{
			kind: lines, title: "CPU reserved", unit: units.PercentUnit,
			description: "The share of each node's processor time that the platform's pods request. At 100 % no pod fits.",
			queries:     []query{{ofAllocatable(requested(cpu), cpu), byNode}},
		},
		{
			kind: lines, title: "Memory reserved", unit: units.PercentUnit,
			description: "The share of each node's memory that the platform's pods request. At 100 % no pod fits.",
			queries:     []query{{ofAllocatable(requested(memory), memory), byNode}},
		},
	}
}

// requested returns the requests of running pods. Those of a finished pod are still there, and reserve nothing.
func requested(resource string) string {
	return ofRunning(object("kube_pod_container_resource_requests", contract.Equal(labelResource, resource)))
}

// ofAllocatable returns the share of a resource that each node has left for pods.
func ofAllocatable(usage, resource string) string {
	allocatable := object("kube_node_status_allocatable", contract.Equal(labelResource, resource))
	return sum(contract.LabelNode, usage) + " / " + sum(contract.LabelNode, allocatable)
}

// hosts shows what node-exporter alone knows.
func hosts() []panel {
	host := func(metric string, matchers ...string) string {
		return job(contract.JobNodeExporter, matchers...).Of(metric)
	}
	waiting := host("node_cpu_seconds_total", contract.Equal("mode", "iowait"))
	return []panel{
		{
			kind: lines, title: "Disks", unit: units.PercentUnit,
			description: "The share of its fullest file system that each node uses. From 85 % on the kubelet removes images, " +
				"then evicts pods.",
			queries: []query{{
				highest(contract.LabelNode,
					"1 - "+host("node_filesystem_avail_bytes")+" / "+host("node_filesystem_size_bytes")), byNode,
			}},
		},
		{
			kind: lines, title: "Waiting for disks", unit: units.PercentUnit,
			description: "The share of processor time that each node spends waiting for its disks.",
			queries:     []query{{"avg by (" + contract.LabelNode + ") (" + rate(waiting) + ")", byNode}},
		},
		{
			kind: lines, title: "Memory left", unit: units.PercentUnit,
			description: "The share of its memory that each node could still give to programs, those of the system included.",
			queries: []query{{
				sum(contract.LabelNode, host("node_memory_MemAvailable_bytes")) + " / " +
					sum(contract.LabelNode, host("node_memory_MemTotal_bytes")), byNode,
			}},
		},
		{
			kind: lines, title: "Killed for memory", unit: units.Short,
			description: "Programs that each node killed in the hour before, because they or the node ran out of memory.",
			queries: []query{{
				sum(contract.LabelNode, "increase("+host("node_vmstat_oom_kill")+"[1h])"), byNode,
			}},
		},
	}
}
