// Package container runs a container of a simulated pod as a process on this machine. The process gets what a kubelet
// would give to the container: the volumes of the pod byte for byte and up to date, its arguments and variables, and a
// token of its ServiceAccount, so that it has exactly the rights that the stack grants.
//
// A process has no file system of its own. The volumes are under a folder in place of the root, and the paths in
// arguments and variables are changed accordingly. A program that reads such paths from a file is told by SANDBOX_ROOT
// and SANDBOX_MOUNTS where they are.
package container

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

// Spec is a container and how it runs here.
type Spec struct {
	// Pod is the pod as the API server has it, with what admission added.
	Pod *corev1.Pod
	// Container is the name of one of its containers.
	Container string
	// Program is the path of the executable.
	Program string
	// Flags replace the container's flags of the same name, or are added to them: the loopback addresses to listen on.
	Flags []string
	// Without are the names of the container's flags, without dashes, that have no meaning here.
	Without []string
	// Environment is added to the container's variables.
	Environment []string
	// Folder holds the volumes, the log and the record of the process.
	Folder string
	// Claims holds a folder per persistent volume claim, which outlives the pod.
	Claims string
	// Node stands in for the root of the pod's node: the volumes of its kind host path are folders in it. Empty means that
	// they are those of this machine.
	Node string
	// Ready is the URL that returns 200 when the process is ready.
	Ready string
}

// Process is a container that runs.
type Process struct {
	spec    Spec
	volumes *volumes
	running *process.Process
	log     string
}

const (
	recordFolder = "processes"
	// poll is the interval between two questions whether the process is ready.
	poll = 50 * time.Millisecond
	// patience is the time that a process has to become ready.
	patience = 2 * time.Minute
	// grace is the time that a process has to end before it is killed.
	grace = 5 * time.Second
	// logLines is the number of log lines shown for a process that ended.
	logLines = 15
)

// Start starts the container, and returns when it is ready. The configuration is an administrator's: the kubelet's
// rights are needed. An error includes the end of the process's log.
func Start(ctx context.Context, config *rest.Config, spec Spec) (*Process, error) {
	p, err := start(ctx, config, spec)
	if err != nil {
		return nil, fmt.Errorf("running container %s of pod %s/%s: %w",
			spec.Container, spec.Pod.Namespace, spec.Pod.Name, err)
	}
	return p, nil
}

func start(ctx context.Context, config *rest.Config, spec Spec) (*Process, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	p := &Process{spec: spec, log: filepath.Join(spec.Folder, "log")}
	container, err := p.container()
	if err != nil {
		return nil, err
	}
	if err := p.stopFormer(ctx); err != nil {
		return nil, err
	}
	p.volumes = newVolumes(client, spec, container)
	if err := p.volumes.mount(ctx); err != nil {
		return nil, err
	}
	command, err := p.command(ctx, config, container)
	if err != nil {
		return nil, err
	}
	if p.running, err = process.Start(p.records(), command); err != nil {
		return nil, err
	}
	if err := p.await(ctx); err != nil {
		return nil, p.failed(ctx, err)
	}
	return p, nil
}

// StopLeft stops the processes that a killed command left behind in a folder, which holds a folder per namespace and in
// it one per pod.
func StopLeft(ctx context.Context, folder string) error {
	records, err := filepath.Glob(filepath.Join(folder, "*", "*", recordFolder, "*.json"))
	if err != nil {
		return err // the pattern is well formed: Glob has no other error
	}
	var problems []error
	for _, record := range records {
		former, err := process.Find(filepath.Dir(record), strings.TrimSuffix(filepath.Base(record), ".json"))
		if former != nil {
			err = former.Stop(ctx, grace)
		}
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// stopFormer stops the process that a killed command left behind.
func (p *Process) stopFormer(ctx context.Context) error {
	former, err := process.Find(p.records(), p.spec.Container)
	if err != nil || former == nil {
		return err
	}
	return former.Stop(ctx, grace)
}

func (p *Process) container() (*corev1.Container, error) {
	all := p.spec.Pod.Spec.Containers
	at := slices.IndexFunc(all, func(c corev1.Container) bool { return c.Name == p.spec.Container })
	if at < 0 {
		return nil, fmt.Errorf("the pod has no such container")
	}
	return &all[at], nil
}

func (p *Process) records() string { return filepath.Join(p.spec.Folder, recordFolder) }

// command returns what is started. Nothing of the environment of this process is passed on.
func (p *Process) command(
	ctx context.Context, config *rest.Config, container *corev1.Container,
) (process.Command, error) {
	variables, err := p.volumes.variables(ctx, container)
	if err != nil {
		return process.Command{}, err
	}
	kubeconfig := filepath.Join(p.spec.Folder, "kubeconfig")
	if err := writeKubeconfig(kubeconfig, config.Host, p.volumes); err != nil {
		return process.Command{}, err
	}
	environment := append(variables.list(),
		"HOME="+p.spec.Folder, "TMPDIR="+os.TempDir(), "KUBECONFIG="+kubeconfig,
		"SANDBOX_ROOT="+p.volumes.root(), "SANDBOX_MOUNTS="+p.volumes.list())
	deployed := p.volumes.placed(variables.expand(arguments(container)))
	kept := without(deployed, p.spec.Without, p.spec.Flags)
	return process.Command{
		Name: p.spec.Container, Path: p.spec.Program, Args: append(kept, p.spec.Flags...),
		Env: append(environment, p.spec.Environment...), Dir: p.spec.Folder, Log: p.log,
	}, nil
}

// await asks the process until it is ready.
func (p *Process) await(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := ready(limited, p.spec.Ready)
		if err == nil {
			return nil
		}
		if !p.running.Running() {
			return fmt.Errorf("it ended before it was ready: %w", err)
		}
		select {
		case <-limited.Done():
			return fmt.Errorf("waiting until it is ready: %w", err)
		case <-time.After(poll):
		}
	}
}

// direct uses no proxy, whatever is set outside.
var direct = &http.Client{Transport: &http.Transport{Proxy: nil}}

func ready(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := direct.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // nothing is read
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d", url, response.StatusCode)
	}
	return nil
}

// failed stops a process that does not become ready, and adds the end of its log to the reason.
func (p *Process) failed(ctx context.Context, reason error) error {
	tail := process.LogTail(p.log, logLines)
	if err := p.Stop(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("%w; %w; the end of %s:\n%s", reason, err, p.log, tail)
	}
	return fmt.Errorf("%w; the end of %s:\n%s", reason, p.log, tail)
}

// Running reports whether the process is still alive.
func (p *Process) Running() bool { return p.running.Running() }

// Log returns the path of the process's log.
func (p *Process) Log() string { return p.log }

// Refresh writes the volumes that changed, and renews the token before it expires. A kubelet does the same about once a
// minute.
func (p *Process) Refresh(ctx context.Context) error {
	if err := p.volumes.refresh(ctx); err != nil {
		return fmt.Errorf("refreshing the volumes of pod %s/%s: %w", p.spec.Pod.Namespace, p.spec.Pod.Name, err)
	}
	return nil
}

// Stop stops the process. Its folder stays.
func (p *Process) Stop(ctx context.Context) error { return p.running.Stop(ctx, grace) }
