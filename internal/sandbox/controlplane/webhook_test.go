package controlplane

import (
	"encoding/base64"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// guard is a program that checks shelves.
var guard = Program{
	Name: "guard", Arguments: func(Instance) []string { return nil },
	Webhooks: []Webhook{
		{Name: "m.example.com", Does: Mutating, Group: "example.com", Version: "v1", Resource: "shelves", Path: "/mutate"},
		{Name: "v.example.com", Does: Validating, Group: "example.com", Version: "v1", Resource: "shelves", Path: "/check"},
	},
}

// guarded is a plan with the guard beside the control plane, if it is asked for.
func guarded(t *testing.T, spec Spec) plan {
	t.Helper()
	p := examplePlan(t)
	p.spec, p.programs, p.components = spec, []Program{guard}, withPrograms([]Program{guard})
	p.ports[guard.Name] = 40123
	return p
}

func TestTheAPIServerAsksAWebhookOnLoopback(t *testing.T) {
	p := guarded(t, Spec{Programs: []string{guard.Name}})
	require.NoError(t, p.pki.ensure(certificates, time.Now()))
	authority, err := os.ReadFile(p.pki.cert(clusterAuthority))
	require.NoError(t, err)

	registered, err := p.manifests(sandbox(t, nil))

	require.NoError(t, err)
	require.Len(t, registered, 2)
	for i, want := range []struct{ kind, url string }{
		{"MutatingWebhookConfiguration", "https://127.0.0.1:40123/mutate"},
		{"ValidatingWebhookConfiguration", "https://127.0.0.1:40123/check"},
	} {
		assert.Equal(t, want.kind, registered[i].GetKind())
		hooks, _, err := unstructured.NestedSlice(registered[i].Object, "webhooks")
		require.NoError(t, err)
		require.Len(t, hooks, 1)
		hook := hooks[0].(map[string]any)
		assert.Equal(t, "Fail", hook["failurePolicy"], "nothing is let through unseen")
		assert.Equal(t, map[string]any{
			"url": want.url, "caBundle": base64.StdEncoding.EncodeToString(authority),
		}, hook["clientConfig"])
		assert.Equal(t, []any{map[string]any{
			"apiGroups": []any{"example.com"}, "apiVersions": []any{"v1"}, "resources": []any{"shelves"},
			"operations": []any{"CREATE", "UPDATE"},
		}}, hook["rules"])
	}
}

// The API server would refuse every change of a shelf.
func TestAWebhookThatNobodyAnswersIsTakenBack(t *testing.T) {
	assert.Equal(t, guard.Webhooks, guarded(t, Spec{}).unanswered())
	assert.Empty(t, guarded(t, Spec{Programs: []string{guard.Name}}).unanswered(), "the control: it runs")

	p := guarded(t, Spec{Programs: []string{guard.Name}})
	require.NoError(t, p.pki.ensure(certificates, time.Now()))
	registered, err := p.registered(guard)
	require.NoError(t, err)
	server, applied := serverOfKinds(t)
	require.NoError(t, server.applyManifests(t.Context(), registered))
	require.Equal(t, 2, *applied)
	for range 2 {
		for _, webhook := range guard.Webhooks {
			require.NoError(t, server.unregister(t.Context(), webhook), "also where it is gone")
		}
	}
	require.NoError(t, server.applyManifests(t.Context(), registered))
	assert.Equal(t, 4, *applied, "they were gone")
}
