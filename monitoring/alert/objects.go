package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofObjects selects the metrics of SeaweedFS (https://github.com/seaweedfs/seaweedfs/blob/4.53/weed/stats/metrics.go).
var ofObjects = ofJob(contract.JobObjects)

func objectsAlerts() []definition { return []definition{objectsReadOnly(), objectsDiskFailing()} }

// objectsReadOnly fires below the last twentieth of the volume, from which on SeaweedFS only reads and deletes.
func objectsReadOnly() definition {
	low := ofObjects.And(contract.Equal("type", "isDiskSpaceLow")).Of("SeaweedFS_volumeServer_read_only_volumes")
	return definition{
		name: "ObjectsReadOnly", severity: rule.Page, lasting: "5m",
		expr:    "sum by (job) (" + low + ") > 0",
		summary: "The object store takes no objects",
		description: "{{ $value }} files of SeaweedFS are not written to, because the volume is full. Uploads and backups " +
			"fail.",
	}
}

// objectsDiskFailing means that SeaweedFS could not read or write its volume, or sets a file of it aside for that.
func objectsDiskFailing() definition {
	return definition{
		name: "ObjectsDiskFailing", severity: rule.Ticket, lasting: "5m",
		expr: byPod + "(" + ofObjects.Of("SeaweedFS_volumeServer_disk_error_status") + ") > 0\nor " +
			byPod + "(" + ofObjects.Of("SeaweedFS_volumeServer_io_quarantine") + ") > 0",
		summary: "The disk of {{ $labels.pod }} fails",
		description: "{{ $labels.pod }} had errors when it read or wrote its volume: objects on it may be damaged. " +
			"The backups are there, too.",
	}
}
