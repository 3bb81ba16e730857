// Package recorder watches the pods, Jobs and EndpointSlices of a namespace during a test, and reports the state at the
// worst moment afterwards. The record shows what a check at the end cannot, such as a gap in availability or a pod that
// came too early.
package recorder

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// watched are the recorded kinds.
var watched = []schema.GroupVersionResource{
	{Version: "v1", Resource: "pods"},
	{Group: "batch", Version: "v1", Resource: "jobs"},
	{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"},
}

// Recorder records until it is stopped.
type Recorder struct {
	streams []*stream
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// Start starts to record a namespace, which need not exist yet. The objects that exist when it returns are the
// beginning of the record. A cancelled ctx ends the recording without a record.
func Start(ctx context.Context, config *rest.Config, namespace string) (*Recorder, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("recording namespace %s: %w", namespace, err)
	}
	r := &Recorder{}
	ctx, r.cancel = context.WithCancel(ctx)
	for _, kind := range watched {
		s, err := newStream(ctx, client.Resource(kind).Namespace(namespace))
		if err != nil {
			r.cancel()
			r.running.Wait()
			return nil, fmt.Errorf("recording %s of namespace %s: %w", kind.Resource, namespace, err)
		}
		r.streams = append(r.streams, s)
		r.running.Go(s.run)
	}
	return r, nil
}

// patience is the longest wait for the last changes to arrive.
const patience = 30 * time.Second

// Stop ends the recording once every change from before the call has arrived. It fails if a watch was lost in between,
// because then the record has a gap.
func (r *Recorder) Stop(ctx context.Context) (History, error) {
	defer r.running.Wait()
	defer r.cancel()
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var problems []error
	var h History
	for _, s := range r.streams {
		problems = append(problems, s.arrived(limited))
		h.add(s.begun, s.recorded())
	}
	return h, errors.Join(problems...)
}
