package testbed

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/enginetest/recorder"
)

// Client returns the administrator's client configuration for the sandbox's API server.
func (s *Testbed) Client(t *testing.T) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.Stack.Kubeconfig())
	require.NoError(t, err)
	config.QPS = -1 // no limit: a test asks one API server on loopback
	return config
}

// Recorded records the namespace of the services while do runs. If the test fails, its log shows the changes.
func (s *Testbed) Recorded(t *testing.T, do func()) recorder.History {
	t.Helper()
	return s.RecordedIn(t, s.Namespace(), do)
}

// RecordedIn is Recorded for another namespace.
func (s *Testbed) RecordedIn(t *testing.T, namespace string, do func()) recorder.History {
	t.Helper()
	r, err := recorder.Start(context.WithoutCancel(t.Context()), s.Client(t), namespace)
	require.NoError(t, err)
	done := false
	defer func() {
		if !done { // the test failed in between
			_, _ = r.Stop(context.WithoutCancel(t.Context()))
		}
	}()
	do()
	history, err := r.Stop(t.Context())
	done = true
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			for _, change := range history.Changes {
				t.Log(change)
			}
		}
	})
	return history
}

// Tried reports whether a pod of a workload with the image existed.
func Tried(t *testing.T, seen recorder.History, workload, image string) bool {
	t.Helper()
	return slices.ContainsFunc(seen.Changes, func(change recorder.Change) bool {
		spec, _, err := unstructured.NestedMap(change.Object.Object, "spec")
		require.NoError(t, err)
		return change.Object.GetKind() == "Pod" && change.Object.GetLabels()["app.kubernetes.io/name"] == workload &&
			slices.Contains(Object{Spec: spec}.Images(), image)
	})
}
