package postgrestest

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// Kubelet runs the pods of the Jobs on this machine: with the commands, the variables and the files that the cluster
// has for them. The database is a server of this machine, and the object store a directory.
type Kubelet struct {
	// Server is the server that a pod signs in to.
	Server *Server
	// Store is the directory that stands for the object store. Each bucket is a directory in it.
	Store string
	// Files returns the files of a pod's volume, or none for an empty directory.
	Files func(volume corev1.Volume) map[string]string
}

// Outcome is what a pod leaves.
type Outcome struct {
	// Ended are the containers that ran, in this order.
	Ended []Ended
	// Volumes are the directories of the volumes.
	Volumes map[string]string
}

// Ended is how a container ended.
type Ended struct {
	// Container is its name.
	Container string
	// Code is its exit code, Message its termination message, and Output what it printed.
	Code            int
	Message, Output string
}

// Last returns the last container that ran: the one that failed, if one did.
func (o Outcome) Last() Ended { return o.Ended[len(o.Ended)-1] }

// Run runs the containers of a pod one after the other until one fails. The variables replace those of each container
// that has them.
func (k *Kubelet) Run(tb testing.TB, pod *corev1.PodSpec, variables map[string]string) Outcome {
	tb.Helper()
	left := Outcome{Volumes: k.mount(tb, pod.Volumes)}
	for _, container := range slices.Concat(pod.InitContainers, pod.Containers) {
		left.Ended = append(left.Ended, k.run(tb, &container, left.Volumes, variables))
		if left.Last().Code != 0 {
			break
		}
	}
	return left
}

// mount returns the directory of each volume.
func (k *Kubelet) mount(tb testing.TB, volumes []corev1.Volume) map[string]string {
	tb.Helper()
	places := map[string]string{}
	for _, volume := range volumes {
		places[volume.Name] = Folder(tb)
		for name, content := range k.Files(volume) {
			Give(tb, places[volume.Name], name, content)
		}
	}
	return places
}

func (k *Kubelet) run(
	tb testing.TB, container *corev1.Container, places, variables map[string]string,
) Ended {
	tb.Helper()
	result := filepath.Join(Folder(tb), "result")
	here := []string{container.TerminationMessagePath, result}
	for _, mount := range container.VolumeMounts {
		require.Contains(tb, places, mount.Name)
		here = append(here, mount.MountPath, places[mount.Name])
	}
	replacer := strings.NewReplacer(here...)
	environment := map[string]string{}
	for _, one := range container.Env {
		require.Nil(tb, one.ValueFrom, one.Name)
		environment[one.Name] = replacer.Replace(one.Value)
	}
	k.redirect(environment)
	maps.Copy(environment, variables)
	require.Len(tb, container.Command, 2)
	printed, err := Command(tb.Context(), tb, environment, container.Command[0], replacer.Replace(container.Command[1])).
		CombinedOutput()
	left, _ := os.ReadFile(result) // a container need not leave a message
	return Ended{
		Container: container.Name, Code: exitCode(tb, err), Message: strings.TrimSpace(string(left)), Output: string(printed),
	}
}

// redirect leads a container to the server and the store of this machine.
func (k *Kubelet) redirect(environment map[string]string) {
	if _, signsIn := environment["PGHOST"]; signsIn {
		environment["PGHOST"], environment["PGPORT"] = "127.0.0.1", strconv.Itoa(k.Server.Port)
	}
	if _, talks := environment["RCLONE_CONFIG_STORE_TYPE"]; talks {
		environment["RCLONE_CONFIG_STORE_TYPE"], environment["RCLONE_CONFIG_STORE_REMOTE"] = "alias", k.Store
	}
}

func exitCode(tb testing.TB, err error) int {
	tb.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	require.NoError(tb, err)
	return 0
}
