package controller_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"

	"github.com/dreamseed/platform/internal/sandbox/controller"
)

var (
	topics = schema.GroupVersionResource{Group: "kafka.test", Version: "v1", Resource: "topics"}
	others = schema.GroupVersionResource{Group: "kafka.test", Version: "v1", Resource: "others"}
)

func object(kind, name string) *unstructured.Unstructured {
	one := &unstructured.Unstructured{}
	one.SetAPIVersion("kafka.test/v1")
	one.SetKind(kind)
	one.SetName(name)
	one.SetNamespace("shop")
	return one
}

// patience is the longest wait for a change.
const patience = time.Minute

func TestAChangeOfAKindIsTold(t *testing.T) {
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(),
		map[schema.GroupVersionResource]string{topics: "TopicList", others: "OtherList"})
	changed, err := controller.Changes(t.Context(), client, controller.Kind{GroupVersionResource: topics})
	require.NoError(t, err)
	told := func(reason string) {
		t.Helper()
		select {
		case <-changed:
		case <-time.After(patience):
			require.Fail(t, "nothing is told", reason)
		}
	}
	shop := client.Resource(topics).Namespace("shop")
	_, err = client.Resource(others).Namespace("shop").Create(t.Context(), object("Other", "a"), metav1.CreateOptions{})
	require.NoError(t, err)
	topic, err := shop.Create(t.Context(), object("Topic", "a"), metav1.CreateOptions{})
	require.NoError(t, err)
	told("it came")
	topic.SetLabels(map[string]string{"a": "b"})
	_, err = shop.Update(t.Context(), topic, metav1.UpdateOptions{})
	require.NoError(t, err)
	told("it changed")
	require.NoError(t, shop.Delete(t.Context(), "a", metav1.DeleteOptions{}))
	told("it went")
	assert.Empty(t, changed, "nothing else was told of: the other kind is not watched")
}

// counted ends a loop after so many looks.
type counted struct {
	looks int
	end   context.CancelFunc
}

func (c *counted) look(after int, result error) func(context.Context) error {
	return func(context.Context) error {
		if c.looks++; c.looks == after {
			c.end()
		}
		return result
	}
}

func TestALookFollowsAChangeAndAFailure(t *testing.T) {
	for reason, c := range map[string]struct {
		changes int
		result  error
	}{
		"what changed is looked at":  {changes: 1},
		"what failed is tried again": {result: errors.New("the API server is busy")},
	} {
		t.Run(reason, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			defer end()
			changed := make(chan struct{}, 1)
			for range c.changes {
				changed <- struct{}{}
			}
			one := &counted{end: end}
			began := time.Now()
			require.NoError(t, controller.Loop(ctx, changed, nil, one.look(2, c.result)))
			assert.Equal(t, 2, one.looks)
			assert.Less(t, time.Since(began), 9*time.Second, "sooner than a look that nothing asked for")
		})
	}
}

func TestALoopEndsWithItsServer(t *testing.T) {
	ended := make(chan error, 1)
	ended <- errors.New("the port is taken")
	err := controller.Loop(t.Context(), nil, ended, func(context.Context) error { return nil })
	assert.EqualError(t, err, "serving: the port is taken")
}
