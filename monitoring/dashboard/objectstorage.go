package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// objectStorage reads the metrics of SeaweedFS
// (https://github.com/seaweedfs/seaweedfs/blob/4.53/weed/stats/metrics.go).
func objectStorage() []panel {
	of := func(name string, matchers ...string) string {
		return job(contract.JobObjects, matchers...).Of("SeaweedFS_" + name)
	}
	failed := of("s3_request_total", `code=~"5.."`)
	return []panel{
		{
			kind: lines, title: "Requests", unit: units.RequestsPerSecond,
			description: "Requests to each bucket.",
			queries:     []query{{sum("bucket", rate(of("s3_request_total"))), "{{bucket}}"}},
		},
		{
			kind: lines, title: "Errors", unit: units.RequestsPerSecond,
			description: "Requests that were answered with 5xx. Normally there is none.",
			queries:     []query{{sum("bucket", rate(failed)), "{{bucket}}"}},
		},
		{
			kind: lines, title: "Size of the buckets", unit: units.BytesIEC,
			description: "The size of the objects in each bucket.",
			queries:     []query{{highest("bucket", of("s3_bucket_size_bytes")), "{{bucket}}"}},
		},
		{
			kind: lines, title: "Files that are not written to", unit: units.Short, colours: poorFrom(1),
			description: "Files of SeaweedFS that take no objects: when the volume is full, or after errors of the disk.",
			queries: []query{
				{total(of("volumeServer_read_only_volumes", `type="isDiskSpaceLow"`)), "no room"},
				{total(of("volumeServer_io_quarantine")), "errors"},
			},
		},
	}
}
