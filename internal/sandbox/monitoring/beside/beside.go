// Package beside runs the programs of monitoring beside a control plane, in place of the containers of their pods.
package beside

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/sandbox/container"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/podnet"
)

// Pods are the running pods of a cluster.
type Pods interface{ Pods() []*corev1.Pod }

// Args are the inputs of New.
type Args struct {
	// Layout has the programs, and Stack the folder for volumes, data and logs.
	Layout layout.Layout
	Stack  layout.Stack
	// Config is an administrator's access to the API server.
	Config *rest.Config
	// Pods are the pods in place of whose containers programs run.
	Pods Pods
	// Network is the pod network, which Proxy serves.
	Network *podnet.Network
	Proxy   *podnet.Server
}

// Beside runs the programs of monitoring beside a control plane: for each running pod of a program a process with the
// pod's configuration, rights and storage, which answers at the pod's address.
type Beside struct {
	args Args

	syncing sync.Mutex // held while processes start and stop
	lock    sync.Mutex // protects what follows
	running map[types.UID]*instance
}

// New returns programs of which none runs yet, and connects them to the pod network.
func New(args Args) *Beside {
	b := &Beside{args: args, running: map[types.UID]*instance{}}
	args.Network.Connect(b.answer)
	return b
}

// answer hands on to the process that runs in place of a pod.
func (b *Beside) answer(pod *corev1.Pod, port int) http.Handler {
	b.lock.Lock()
	defer b.lock.Unlock()
	one := b.running[pod.UID]
	if one == nil || one.handlers[port] == nil {
		return nil
	}
	return one.handlers[port]
}

// Address returns the loopback address of the process behind a port of a pod, or "" if there is none.
func (b *Beside) Address(pod *corev1.Pod, port int) string {
	b.lock.Lock()
	defer b.lock.Unlock()
	if one := b.running[pod.UID]; one != nil {
		return one.addresses[port]
	}
	return ""
}

// Addresses describes everything that runs, one line each: pod, port of the pod, loopback URL.
func (b *Beside) Addresses() []string {
	var lines []string
	for _, one := range b.all() {
		for port, address := range one.addresses {
			lines = append(lines, fmt.Sprintf("%s port %d is at http://%s", one.pod, port, address))
		}
	}
	slices.Sort(lines)
	return lines
}

// Sync starts what does not run, stops what has lost its pod, and refreshes the volumes of the others. When it returns,
// everything that runs is ready. A program that cannot run does not stop the others from running.
func (b *Beside) Sync(ctx context.Context) error {
	b.syncing.Lock()
	defer b.syncing.Unlock()
	pods := b.args.Pods.Pods()
	problems := []error{b.stopOthers(ctx, pods)}
	for i := range programs {
		for _, pod := range pods {
			for j := range pod.Spec.Containers {
				of := &pod.Spec.Containers[j]
				if programOf(of) == &programs[i] && pod.DeletionTimestamp == nil {
					problems = append(problems, b.ensure(ctx, pod, of, &programs[i]))
				}
			}
		}
	}
	return errors.Join(problems...)
}

// Follow syncs again and again until ctx ends, and reports what goes wrong.
func (b *Beside) Follow(ctx context.Context, every time.Duration, report func(error)) {
	for {
		if err := b.Sync(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
	}
}

// ensure starts a container, or refreshes it where it runs.
func (b *Beside) ensure(ctx context.Context, pod *corev1.Pod, of *corev1.Container, as *program) error {
	if known := b.known(pod.UID); known != nil && known.process.Running() {
		return known.process.Refresh(ctx)
	}
	started, err := b.start(ctx, pod, of, as)
	if err != nil {
		return err
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	b.running[pod.UID] = started
	return nil
}

func (b *Beside) known(pod types.UID) *instance {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.running[pod]
}

// stopOthers stops the containers of pods that are gone, and deletes their files. The volume claims stay.
func (b *Beside) stopOthers(ctx context.Context, pods []*corev1.Pod) error {
	lives := map[types.UID]bool{}
	for _, pod := range pods {
		lives[pod.UID] = pod.DeletionTimestamp == nil
	}
	var problems []error
	for uid, one := range b.all() {
		if !lives[uid] {
			problems = append(problems, b.stop(ctx, uid, one), os.RemoveAll(one.folder))
		}
	}
	return errors.Join(problems...)
}

// Stop stops every process.
func (b *Beside) Stop(ctx context.Context) error {
	b.syncing.Lock()
	defer b.syncing.Unlock()
	var problems []error
	for uid, one := range b.all() {
		problems = append(problems, b.stop(ctx, uid, one))
	}
	return errors.Join(problems...)
}

func (b *Beside) stop(ctx context.Context, uid types.UID, one *instance) error {
	if err := one.process.Stop(ctx); err != nil {
		return err
	}
	b.lock.Lock()
	defer b.lock.Unlock()
	delete(b.running, uid)
	return nil
}

// all returns what runs now.
func (b *Beside) all() map[types.UID]*instance {
	b.lock.Lock()
	defer b.lock.Unlock()
	copied := map[types.UID]*instance{}
	for uid, one := range b.running {
		copied[uid] = one
	}
	return copied
}

// peers returns the gossip addresses of the running replicas of a program.
func (b *Beside) peers(of *program) []string {
	var peers []string
	for _, one := range b.all() {
		if one.program == of && one.gossip != "" {
			peers = append(peers, one.gossip)
		}
	}
	return peers
}

// start starts a container.
func (b *Beside) start(
	ctx context.Context, pod *corev1.Pod, of *corev1.Container, as *program,
) (*instance, error) {
	one, err := newInstance(ctx, of, as)
	if err != nil {
		return nil, fmt.Errorf("preparing %s for pod %s/%s: %w", as.name, pod.Namespace, pod.Name, err)
	}
	one.pod = pod.Namespace + "/" + pod.Name
	one.folder = filepath.Join(b.args.Stack.Containers(), pod.Namespace, pod.Name)
	flags := one.flags
	if one.gossip != "" {
		flags = append(flags, gossip(one.gossip, b.peers(as))...)
	}
	one.process, err = container.Start(ctx, b.args.Config, container.Spec{
		Pod: pod, Container: of.Name, Program: b.args.Layout.Binary(as.name), Flags: flags, Without: as.without,
		Environment: b.args.Proxy.Environment(), Folder: one.folder, Claims: b.args.Stack.Claims(), Ready: one.ready,
		Node: b.node(pod, as),
	})
	return one, err
}

// node returns the folder that stands in for the pod's node, or "" for a program that reports about this machine.
func (b *Beside) node(pod *corev1.Pod, of *program) string {
	if of.machine {
		return ""
	}
	return b.args.Stack.Node(pod.Spec.NodeName)
}
