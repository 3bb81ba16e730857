package recorder

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// stream is the watch of one kind. It resumes when a connection breaks.
type stream struct {
	resource dynamic.ResourceInterface
	watch    watch.Interface
	begun    []unstructured.Unstructured

	lock    sync.Mutex
	changes []Change
	newest  map[types.UID]uint64 // the versions of the existing objects, as far as they have arrived
	broken  error
}

func newStream(ctx context.Context, resource dynamic.ResourceInterface) (*stream, error) {
	list, err := resource.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	s := &stream{resource: resource, begun: list.Items, newest: map[types.UID]uint64{}}
	for _, item := range list.Items {
		if s.newest[item.GetUID()], err = version(&item); err != nil {
			return nil, err
		}
	}
	s.watch, err = watchtools.NewRetryWatcherWithContext(ctx, list.GetResourceVersion(), &cache.ListWatch{
		WatchFuncWithContext: resource.Watch,
	})
	return s, err
}

// run records until the watch ends.
func (s *stream) run() {
	for event := range s.watch.ResultChan() {
		s.record(event, time.Now())
	}
}

func (s *stream) record(event watch.Event, at time.Time) {
	s.lock.Lock()
	defer s.lock.Unlock()
	object, ok := event.Object.(*unstructured.Unstructured)
	if event.Type == watch.Error || !ok {
		s.broken = fmt.Errorf("losing the watch: %w", apierrors.FromObject(event.Object))
		return
	}
	v, err := version(object)
	if err != nil {
		s.broken = err
		return
	}
	gone := event.Type == watch.Deleted
	s.changes = append(s.changes, Change{At: at, Version: v, Gone: gone, Object: object})
	if gone {
		delete(s.newest, object.GetUID())
		return
	}
	s.newest[object.GetUID()] = v
}

// version returns a resourceVersion as a number: the revision of etcd, which counts the changes of all kinds together.
func version(object metav1.Common) (uint64, error) {
	v, err := strconv.ParseUint(object.GetResourceVersion(), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading a resource version: %w", err)
	}
	return v, nil
}

// poll is the interval between two checks whether everything has arrived.
const poll = 20 * time.Millisecond

// arrived waits until every change from before now has arrived.
func (s *stream) arrived(ctx context.Context) error {
	now, err := s.resource.List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing what there is at the end of the record: %w", err)
	}
	for {
		complete, err := s.has(now)
		if complete || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the end of the record: %w", ctx.Err())
		case <-time.After(poll):
		}
	}
}

// has reports whether the stream has caught up with a list.
func (s *stream) has(list *unstructured.UnstructuredList) (bool, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.broken != nil {
		return false, s.broken
	}
	taken, err := version(list)
	if err != nil {
		return false, err
	}
	listed := map[types.UID]bool{}
	for _, item := range list.Items {
		listed[item.GetUID()] = true
		v, err := version(&item)
		if err != nil || s.behind(item.GetUID(), v) {
			return false, err
		}
	}
	for uid, v := range s.newest {
		if !listed[uid] && v <= taken {
			return false, nil // it was deleted, and that event has not arrived yet
		}
	}
	return true, nil
}

// behind reports whether a version of an object, or its deletion, has not arrived yet.
func (s *stream) behind(uid types.UID, v uint64) bool {
	newest, lives := s.newest[uid]
	if lives {
		return newest < v
	}
	return !slices.ContainsFunc(s.changes, func(c Change) bool { return c.Gone && c.Object.GetUID() == uid })
}

func (s *stream) recorded() []Change {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Clone(s.changes)
}
