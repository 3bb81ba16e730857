package exporter

import "strconv"

// collectors are the collectors of node-exporter that run, and no others
// (https://github.com/prometheus/node_exporter/blob/v1.12.1/README.md#collectors). Those of the network are not among
// them: without the node's network they would return the pod's.
var collectors = []string{
	"cpu",        // node_cpu_seconds_total
	"diskstats",  // node_disk_io_time_seconds_total and the traffic of each disk
	"filefd",     // node_filefd_allocated against node_filefd_maximum
	"filesystem", // node_filesystem_avail_bytes, size and free inodes of each file system
	"loadavg",    // node_load1
	"meminfo",    // node_memory_MemAvailable_bytes
	"pressure",   // node_pressure_memory_stalled_seconds_total: what waited for CPU, memory or disk
	"stat",       // node_boot_time_seconds
	"timex",      // node_timex_sync_status: whether the clock is right
	"vmstat",     // node_vmstat_oom_kill
}

const (
	// ignoredMounts are the mounts of the kernel, of the boot loader, of running programs and of single pods: nobody fills
	// them up alone, and the last two come and go with every pod.
	ignoredMounts = "^/(boot|dev|proc|run|sys|var/lib/(containerd|containers|docker|kubelet)/.+)($|/)"
	// diskFileSystems are the types of the file systems that nodes and volumes have on disks.
	diskFileSystems = "^(btrfs|ext[234]|xfs)$"
)

// agentArguments returns the flags. The metrics about node-exporter itself are left out: its CPU and memory are known
// from the kubelet.
func agentArguments() []string {
	arguments := []string{
		"--web.listen-address=:" + strconv.Itoa(NodeExporterPort),
		"--web.disable-exporter-metrics",
		"--path.rootfs=" + hostPath,
		"--path.procfs=" + hostPath + "/proc",
		"--path.sysfs=" + hostPath + "/sys",
		// Without it, every start would log an error.
		"--path.udev.data=" + hostPath + "/run/udev/data",
		"--collector.filesystem.mount-points-exclude=" + ignoredMounts,
		"--collector.filesystem.fs-types-include=" + diskFileSystems,
		"--collector.disable-defaults",
	}
	for _, collector := range collectors {
		arguments = append(arguments, "--collector."+collector)
	}
	return arguments
}
