// Package recorder watches pods, Jobs and EndpointSlices of a namespace while something else is at work, and says
// afterwards what was the case at the worst moment. What a look at the end cannot show, such as a gap in availability
// or a pod that came too early, is in the record.
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

// watched are the kinds that are recorded.
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

// Start begins to record a namespace, which need not exist yet. What there is when it returns is the beginning of the
// record. A cancelled ctx ends the recording without a record.
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

// patience is how long the last changes may take to arrive.
const patience = 30 * time.Second

// Stop ends the recording once everything has arrived that happened before it was called. It fails where a watch was
// lost in between, because then the record has a gap.
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
