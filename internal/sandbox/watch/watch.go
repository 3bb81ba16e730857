// Package watch records what happens to the objects of a namespace while something else runs, so that one can ask
// afterwards what was never looked at in time: how many pods were ready at the worst moment, what existed before what.
package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Kind is a collection of objects as the API server calls it.
type Kind struct {
	// Path is the API's path of the group and version, for example /apis/batch/v1.
	Path string
	// Plural names the collection, for example jobs.
	Plural string
}

// The kinds that tell of a release.
var (
	Pods           = Kind{"/api/v1", "pods"}
	Jobs           = Kind{"/apis/batch/v1", "jobs"}
	EndpointSlices = Kind{"/apis/discovery.k8s.io/v1", "endpointslices"}
)

// Recorder watches. It is made by Start.
type Recorder struct {
	cancel  context.CancelFunc
	running sync.WaitGroup

	mutex   sync.Mutex
	history History
	err     error
}

// Start lists the objects of the kinds in a namespace and watches them from then on, until Stop. The command is a kubectl
// with the flags that lead it to its cluster.
func Start(ctx context.Context, kubectl []string, namespace string, kinds ...Kind) (*Recorder, error) {
	ctx, cancel := context.WithCancel(ctx)
	r := &Recorder{cancel: cancel}
	for _, kind := range kinds {
		path := fmt.Sprintf("%s/namespaces/%s/%s", kind.Path, namespace, kind.Plural)
		if err := r.begin(ctx, kubectl, path); err != nil {
			_, stopErr := r.Stop()
			return nil, errors.Join(fmt.Errorf("watching %s of namespace %s: %w", kind.Plural, namespace, err), stopErr)
		}
	}
	return r, nil
}

// Stop ends the watch and returns what it saw. An error says that the watch ended by itself, before.
func (r *Recorder) Stop() (History, error) {
	r.cancel()
	r.running.Wait()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.history, r.err
}

func (r *Recorder) begin(ctx context.Context, kubectl []string, path string) error {
	listed, err := raw(ctx, kubectl, path).Output()
	if err != nil {
		return err
	}
	list := &unstructured.UnstructuredList{}
	if err := list.UnmarshalJSON(listed); err != nil {
		return err
	}
	for i := range list.Items {
		r.add(Event{Type: Existing, Object: &list.Items[i]})
	}
	changes := raw(ctx, kubectl, path+"?watch=true&resourceVersion="+list.GetResourceVersion())
	stream, err := changes.StdoutPipe()
	if err != nil {
		return err
	}
	if err := changes.Start(); err != nil {
		return err
	}
	r.running.Go(func() { r.follow(ctx, stream, changes) })
	return nil
}

func raw(ctx context.Context, kubectl []string, path string) *exec.Cmd {
	arguments := append(kubectl[1:len(kubectl):len(kubectl)], "get", "--raw", path)
	return exec.CommandContext(ctx, kubectl[0], arguments...)
}

func (r *Recorder) follow(ctx context.Context, stream io.Reader, watching *exec.Cmd) {
	decoder := json.NewDecoder(stream)
	var err error
	for err == nil {
		var event Event
		if err = decoder.Decode(&event); err == nil {
			r.add(event)
		}
	}
	err = errors.Join(err, watching.Wait())
	if ctx.Err() == nil {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.err = errors.Join(r.err, fmt.Errorf("watching until the end: %w", err))
	}
}

func (r *Recorder) add(event Event) {
	event.Time = time.Now()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.history.Events = append(r.history.Events, event)
}
