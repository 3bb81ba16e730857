package exporter_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/exporter"
)

func agents(t *testing.T) *mocktest.Resource {
	t.Helper()
	built := both(t)
	require.Len(t, built.OfType(daemonSetType), 1)
	return built.Get(t, daemonSetType, "nodes-daemonset")
}

func TestAgentsBreakTheStandardByWhatTheySeeAndNothingElse(t *testing.T) {
	agent := pod(t, agents(t))
	assert.Equal(t, []violation{{"restricted volume types", `volume "host" uses restricted volume type "hostPath"`}},
		violations(t, api.LevelRestricted, agent))
	assert.Equal(t, []violation{{"hostPath volumes", `volume "host"`}}, violations(t, api.LevelBaseline, agent),
		"this is why not even the next stricter level would do")
	assert.Empty(t, violations(t, api.LevelPrivileged, agent))

	agent.Spec.Volumes = nil
	assert.Empty(t, violations(t, api.LevelRestricted, agent), "without the volume")
	agent.Spec.HostNetwork = true
	assert.NotEmpty(t, violations(t, api.LevelRestricted, agent), "the control")
}

func TestAgentsSeeTheNodeAndChangeNothing(t *testing.T) {
	agent := pod(t, agents(t))
	require.Len(t, agent.Spec.Volumes, 1)
	require.NotNil(t, agent.Spec.Volumes[0].HostPath)
	assert.Equal(t, "/", agent.Spec.Volumes[0].HostPath.Path)
	// A private copy of the mounts would hold the volumes of pods that are gone.
	propagation := corev1.MountPropagationHostToContainer
	assert.Equal(t, []corev1.VolumeMount{
		{Name: "host", MountPath: "/host", ReadOnly: true, MountPropagation: &propagation},
	}, agent.Spec.Containers[0].VolumeMounts)
}

func TestAgentsReadTheNodeAndNotTheirOwnContainer(t *testing.T) {
	paths := map[string]string{}
	for name, value := range flags(t, agents(t)) {
		if strings.HasPrefix(name, "--path.") {
			paths[name] = value
		}
	}
	assert.Equal(t, map[string]string{
		"--path.rootfs": "/host", "--path.procfs": "/host/proc", "--path.sysfs": "/host/sys",
		"--path.udev.data": "/host/run/udev/data",
	}, paths)
}

// A policy does not apply to a pod on the node's network.
func TestAgentsShareNoNamespaceOfTheNode(t *testing.T) {
	agent := pod(t, agents(t)).Spec
	assert.False(t, agent.HostNetwork)
	assert.False(t, agent.HostPID)
	assert.False(t, agent.HostIPC)
	for _, port := range agent.Containers[0].Ports {
		assert.Zero(t, port.HostPort)
	}
}

func TestAgentsServeOnThePortOfTheContract(t *testing.T) {
	agent := agents(t)
	assert.Equal(t, ":9100", flags(t, agent)["--web.listen-address"])
	assert.Equal(t, []corev1.ContainerPort{{
		Name: "metrics", ContainerPort: exporter.NodeExporterPort, Protocol: corev1.ProtocolTCP,
	}}, container(t, agent).Ports)
}

// tolerates reports whether the agents' pods may run on a node with this taint.
func tolerates(agent corev1.PodTemplateSpec, taint corev1.Taint) bool {
	return slices.ContainsFunc(agent.Spec.Tolerations, func(one corev1.Toleration) bool {
		return (one.Key == "" || one.Key == taint.Key) && (one.Effect == "" || one.Effect == taint.Effect) &&
			one.Operator == corev1.TolerationOpExists
	})
}

func TestEveryNodeHasItsAgent(t *testing.T) {
	agent := pod(t, agents(t))
	for _, taint := range []corev1.Taint{
		{Key: "dreamseed.ai/spot", Value: "true", Effect: corev1.TaintEffectNoSchedule},
		{Key: "kubernetes.azure.com/scalesetpriority", Value: "spot", Effect: corev1.TaintEffectNoSchedule},
		{Key: "CriticalAddonsOnly", Value: "true", Effect: corev1.TaintEffectNoSchedule},
		{Key: "node.kubernetes.io/out-of-service", Effect: corev1.TaintEffectNoExecute},
	} {
		assert.True(t, tolerates(agent, taint), taint.Key)
	}
	assert.Equal(t, map[string]string{"kubernetes.io/os": "linux"}, agent.Spec.NodeSelector, "of which it reads /proc")
	assert.Nil(t, agent.Spec.Affinity)
}

func TestABrokenVersionBlindsAQuarterOfTheNodes(t *testing.T) {
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxUnavailable": "25%", "maxSurge": 0},
	}, agents(t).At("spec", "updateStrategy"))
}

func TestOnlyTheCollectorsThatAreReadRun(t *testing.T) {
	given := flags(t, agents(t))
	assert.Contains(t, given, "--collector.disable-defaults", "they are a list of what runs, not of what does not")
	var running []string
	for name := range given {
		collector, is := strings.CutPrefix(name, "--collector.")
		if is && collector != "disable-defaults" && !strings.Contains(collector, ".") {
			running = append(running, collector)
		}
	}
	assert.ElementsMatch(t, []string{
		"cpu", "diskstats", "filefd", "filesystem", "loadavg", "meminfo", "pressure", "stat", "timex", "vmstat",
	}, running)
	// Without the node's network they would describe the pod's.
	for _, collector := range []string{"netdev", "netstat", "sockstat", "conntrack"} {
		assert.NotContains(t, running, collector)
	}
}

func TestFileSystemsAreThoseThatFillUp(t *testing.T) {
	given := flags(t, agents(t))
	ignored := regexp.MustCompile(given["--collector.filesystem.mount-points-exclude"])
	for _, mount := range []string{
		"/boot", "/boot/efi", "/dev/shm", "/proc", "/run/containerd/io.containerd.grpc.v1.cri/sandboxes/1/shm",
		"/sys/fs/cgroup", "/var/lib/kubelet/pods/1/volumes/kubernetes.io~csi/data/mount",
		"/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs",
	} {
		assert.True(t, ignored.MatchString(mount), mount)
	}
	for _, mount := range []string{"/", "/var", "/var/lib/kubelet", "/var/lib/containerd", "/mnt/stateful_partition"} {
		assert.False(t, ignored.MatchString(mount), mount)
	}
	kept := regexp.MustCompile(given["--collector.filesystem.fs-types-include"])
	for kind, want := range map[string]bool{"ext4": true, "xfs": true, "tmpfs": false, "overlay": false, "nfs4": false} {
		assert.Equal(t, want, kept.MatchString(kind), kind)
	}
}

func TestAgentsSaySomethingOfTheNodeOnly(t *testing.T) {
	assert.Contains(t, flags(t, agents(t)), "--web.disable-exporter-metrics")
}

func TestProbesReadNothingOfTheNode(t *testing.T) {
	probed := container(t, agents(t))
	require.NotNil(t, probed.ReadinessProbe.HTTPGet)
	assert.Equal(t, "/", probed.ReadinessProbe.HTTPGet.Path)
	assert.Equal(t, "metrics", probed.ReadinessProbe.HTTPGet.Port.String())
	assert.Nil(t, probed.LivenessProbe.HTTPGet)
	require.NotNil(t, probed.LivenessProbe.TCPSocket)
	assert.Equal(t, "metrics", probed.LivenessProbe.TCPSocket.Port.String())
}

func TestDependentsWaitForTheAgents(t *testing.T) {
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		built, err := exporter.NewNodeExporter(ctx, "nodes", &exporter.NodeExporterArgs{
			Namespace: exporter.NodeAgentsNamespace,
		})
		require.NoError(t, err)
		assert.Len(t, built.Objects, 1)
		return nil
	})
}
