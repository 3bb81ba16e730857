package controller

import (
	"context"
	"fmt"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
)

// Kind is a kind of objects, or those of them that labels select.
type Kind struct {
	schema.GroupVersionResource
	// Labels is a label selector. Empty selects all.
	Labels string
}

// Changes returns a channel that has a value when an object of one of the kinds came, changed or went since the last
// value was taken.
func Changes(ctx context.Context, client dynamic.Interface, kinds ...Kind) (<-chan struct{}, error) {
	changed := make(chan struct{}, 1)
	tell := func() {
		select {
		case changed <- struct{}{}:
		default: // it has been told already
		}
	}
	for _, kind := range kinds {
		informer := dynamicinformer.NewFilteredDynamicInformer(client, kind.GroupVersionResource, metav1.NamespaceAll, 0,
			cache.Indexers{}, func(options *metav1.ListOptions) { options.LabelSelector = kind.Labels }).Informer()
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) { tell() }, UpdateFunc: func(any, any) { tell() }, DeleteFunc: func(any) { tell() },
		})
		if err != nil {
			return nil, fmt.Errorf("watching %s: %w", kind.Resource, err)
		}
		go informer.RunWithContext(ctx)
	}
	return changed, nil
}

const (
	// pause is the time between two looks at what there is: what changes at once is looked at once.
	pause = 500 * time.Millisecond
	// rest is the time after which a look is due although nothing is known to have changed.
	rest = 10 * time.Second
)

// Loop looks at what there is, and again when it has changed, or when the look failed. It ends with the context, or
// with an error of a server that ended.
func Loop(
	ctx context.Context, changed <-chan struct{}, ended <-chan error, look func(ctx context.Context) error,
) error {
	for {
		due := rest
		if err := look(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, err)
			due = pause
		}
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			return fmt.Errorf("serving: %w", err)
		case <-time.After(due):
			continue
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}
