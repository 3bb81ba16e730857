package recorder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// at returns a pod at a resource version.
func at(version string) unstructured.Unstructured {
	o := pod("a1", "True")
	o.SetResourceVersion(version)
	return o
}

func event(kind watch.EventType, o unstructured.Unstructured) watch.Event {
	return watch.Event{Type: kind, Object: &o}
}

func TestStreamIsCompleteWhenNothingOfTheListIsStillToArrive(t *testing.T) {
	listed := []unstructured.Unstructured{at("5")}
	cases := map[string]struct {
		events []watch.Event
		listed []unstructured.Unstructured
		want   bool
		reason string
	}{
		"as listed":      {[]watch.Event{event(watch.Added, at("5"))}, listed, true, "the same version"},
		"newer":          {[]watch.Event{event(watch.Modified, at("6"))}, listed, true, "more than was asked for"},
		"older":          {[]watch.Event{event(watch.Added, at("4"))}, listed, false, "its last change is on its way"},
		"never heard of": {nil, listed, false, "its creation is on its way"},
		"gone since": {
			[]watch.Event{event(watch.Added, at("5")), event(watch.Deleted, at("12"))}, listed, true,
			"it ended after the list was taken",
		},
		"gone in the list": {[]watch.Event{event(watch.Added, at("5"))}, nil, false, "its end is on its way"},
		"gone before the list": {
			[]watch.Event{event(watch.Added, at("5")), event(watch.Deleted, at("8"))}, nil, true, "its end has arrived",
		},
		"came after the list": {
			[]watch.Event{event(watch.Added, at("11"))}, nil, true, "the list could not know it",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			s := &stream{newest: map[types.UID]uint64{}}
			for _, event := range tt.events {
				s.record(event, time.Now())
			}
			list := &unstructured.UnstructuredList{Items: tt.listed}
			list.SetResourceVersion("10")

			complete, err := s.has(list)

			require.NoError(t, err)
			assert.Equal(t, tt.want, complete, tt.reason)
			assert.Len(t, s.recorded(), len(tt.events))
		})
	}
}

func TestLostWatchIsAnError(t *testing.T) {
	s := &stream{}

	s.record(watch.Event{Type: watch.Error, Object: &metav1.Status{Message: "too old"}}, time.Now())

	_, err := s.has(&unstructured.UnstructuredList{})
	require.ErrorContains(t, err, "too old")
}
