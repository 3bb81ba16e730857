package full

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// users are the preview identity and the administrator of the read-only testbed.
type users struct {
	previewer, administrator *caller
	node                     string
}

// usersOf takes the testbed. Whatever attempts leave is gone at the end of the test.
func usersOf(t *testing.T) *users {
	t.Helper()
	local.AsTracked(t)
	u := &users{
		previewer:     callerOf(t, local.Stack.PreviewKubeconfig()),
		administrator: callerOf(t, local.Stack.Kubeconfig()),
		node:          local.Each(t, "nodes")[0].Metadata.Name,
	}
	t.Cleanup(func() { u.clear(t) })
	return u
}

// Each attempt is made with the rights that the program gives, and again with every right there is, so that the policy
// alone has to refuse it. That the administrator is not refused is the control.
func TestThePreviewIdentityChangesNothing(t *testing.T) {
	u := usersOf(t)
	u.createTargets(t)
	t.Run("with its own rights", func(t *testing.T) {
		for name, attempt := range u.attempts(t) {
			got := u.previewer.send(t, attempt)
			assert.True(t, got.refused(), "%s: %d %s", name, got.code, got.body)
		}
	})
	u.getEveryRight(t)
	t.Run("with every right", func(t *testing.T) {
		attempts := u.attempts(t)
		maps.DeleteFunc(attempts, isExempt) // one of them would succeed, and end the policy
		for name, attempt := range attempts {
			got := u.previewer.send(t, attempt)
			assert.True(t, got.refusedByPolicy(), "%s: %d %s", name, got.code, got.body)
		}
	})
	t.Run("the administrator may", func(t *testing.T) {
		for name, attempt := range u.attemptsOnKinds(t) {
			got := u.administrator.send(t, attempt.dry())
			assert.True(t, got.done(), "%s: %d %s", name, got.code, got.body)
		}
		for name, attempt := range further(t, u.node) {
			got := u.administrator.send(t, attempt)
			assert.False(t, got.refused(), "%s: %d %s", name, got.code, got.body)
		}
	})
}

func TestThePreviewIdentityMayTryWhateverTheProgramRegisters(t *testing.T) {
	u := usersOf(t)
	tried := 0
	for _, object := range examples(t) {
		for way, attempt := range object.tried(t) {
			got := u.previewer.send(t, attempt.dry())
			if object.isExempt() {
				assert.True(t, got.refused(), "%s of a %s: %s", way, object.kind.Kind, got.body)
				continue
			}
			tried++
			assert.True(t, got.done(), "%s of a %s: %d %s", way, object.kind.Kind, got.code, got.body)
		}
	}
	assert.NotZero(t, tried)
}

// What is no change is nothing that an admission policy sees: only the rights can leave it out.
func TestThePreviewIdentityReadsEverythingButSecretsAndIsNobodyElse(t *testing.T) {
	u := usersOf(t)
	u.createTargets(t)
	for _, object := range examples(t) {
		assert.True(t, u.previewer.send(t, request{method: http.MethodGet, path: object.collection}).done(),
			object.kind.Kind)
	}
	secrets := inside("v1", "secrets")
	refused := map[string]request{
		"the Secrets":             {method: http.MethodGet, path: "/api/v1/secrets"},
		"those of a namespace":    {method: http.MethodGet, path: secrets},
		"a Secret":                {method: http.MethodGet, path: secrets + "/target"},
		"the Secrets, watched":    {method: http.MethodGet, path: secrets + "?watch=true&timeoutSeconds=1"},
		"a dry run of a Secret":   patched(secrets+"/target", `{"stringData": {"a": "b"}}`).dry(),
		"an administrator's name": {method: http.MethodGet, path: "/api/v1/namespaces", impersonated: "alice"},
		"a dry run of a token": post(inside("v1", "serviceaccounts")+"/target/token",
			objectNamed("authentication.k8s.io/v1", "TokenRequest", "target", "")).dry(),
	}
	for name, attempt := range refused {
		got := u.previewer.send(t, attempt)
		assert.True(t, got.refused(), "%s: %d %s", name, got.code, got.body)
		got = u.administrator.send(t, attempt)
		assert.False(t, got.refused(), "the control, %s: %d %s", name, got.code, got.body)
	}
}

// The rights leave admission policies out for a reason: with a right to try one, the preview identity could change it.
func TestNoAdmissionPolicyGuardsAnAdmissionPolicy(t *testing.T) {
	u := usersOf(t)
	policy := post("/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
		objectNamed("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", beyond, `"spec": {
			"matchConstraints": {"resourceRules": [{"apiGroups": ["example.org"], "apiVersions": ["v1"],
				"operations": ["CREATE"], "resources": ["nothing"]}]}, "validations": [{"expression": "true"}]}`))
	assert.True(t, u.previewer.send(t, policy).refused(), "with its own rights")

	u.getEveryRight(t)

	got := u.previewer.send(t, policy)
	assert.True(t, got.done(), "with every right: %s", got.body)
}

// attempts are all attempts to change something.
func (u *users) attempts(t *testing.T) map[string]request {
	t.Helper()
	all := u.attemptsOnKinds(t)
	maps.Copy(all, further(t, u.node))
	maps.Copy(all, connecting(u.node))
	return all
}

// attemptsOnKinds are the attempts to change objects of the program, of each kind.
func (u *users) attemptsOnKinds(t *testing.T) map[string]request {
	t.Helper()
	all := map[string]request{}
	for _, object := range examples(t) {
		ways := object.tried(t)
		maps.Copy(ways, object.changed(t, u.administrator))
		for way, attempt := range ways {
			all[way+" of a "+object.kind.Kind] = attempt
		}
	}
	return all
}

func (u *users) createTargets(t *testing.T) {
	t.Helper()
	for _, one := range targets(t) {
		got := u.administrator.send(t, one)
		require.True(t, got.done(), got.body)
	}
}

// getEveryRight makes the preview identity an administrator for the rest of the test.
func (u *users) getEveryRight(t *testing.T) {
	t.Helper()
	got := u.administrator.send(t, post(bindings, bindingOf(rights, "dreamseed-preview")))
	require.True(t, got.done(), got.body)
	require.Eventually(t, func() bool {
		return u.previewer.send(t, request{method: http.MethodGet, path: "/api/v1/secrets"}).done()
	}, testbed.Patience, 10*time.Millisecond)
}

// clear deletes what attempts have left, and waits for the namespaces to go.
func (u *users) clear(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for _, path := range left {
		got := u.administrator.sendWith(ctx, t, request{method: http.MethodDelete, path: path})
		assert.True(t, got.done() || got.code == http.StatusNotFound || got.code == http.StatusConflict, got.body)
	}
	u.administrator.sendWith(ctx, t, patched("/api/v1/nodes/"+u.node, `{"metadata": {"labels": {"attempt": null}}}`))
	require.Eventually(t, func() bool {
		return !slices.ContainsFunc(left, func(path string) bool {
			return u.administrator.sendWith(ctx, t, request{method: http.MethodGet, path: path}).code != http.StatusNotFound
		})
	}, testbed.Patience, 100*time.Millisecond)
}

// isExempt reports whether no admission policy covers the request.
func isExempt(_ string, r request) bool { return strings.Contains(r.path, "/validatingadmissionpolic") }
