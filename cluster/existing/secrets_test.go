package existing_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/readertest"
)

const (
	roleType    = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
)

func readers(t *testing.T) *readertest.Readers {
	t.Helper()
	reached := byPath(t, leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK)))
	return readertest.Build(t, existing.New, spec(reached))
}

// The right to list Secrets reveals all of their values, whatever the names.
func TestAReaderMayGetTheNamedSecretsAndNothingElse(t *testing.T) {
	built := readers(t)
	for service, names := range map[string][]any{
		"auth": {"dreamseed-test-auth-api-key", "dreamseed-test-auth-database-url"},
		"user": {"dreamseed-test-user-database-url"},
	} {
		role := built.Get(t, roleType, service+"-role")
		assert.Equal(t, "secret-manager", role.At("metadata", "namespace"))
		assert.Equal(t, []any{map[string]any{
			"apiGroups": []any{""}, "resources": []any{"secrets"}, "resourceNames": names, "verbs": []any{"get"},
		}}, role.At("rules"))
	}
	assert.Len(t, built.OfType(roleType), 2)
	assert.Empty(t, built.OfType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"))
	assert.Empty(t, built.OfType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"))
}

func TestAReaderIsTheServiceAccountThatWasNamed(t *testing.T) {
	built := readers(t)
	for _, service := range []string{"auth", "user"} {
		role := built.Get(t, roleType, service+"-role")
		binding := built.Get(t, bindingType, service+"-binding")
		assert.Equal(t, "secret-manager", binding.At("metadata", "namespace"), "it is nobody in other namespaces")
		assert.Equal(t, map[string]any{
			"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role.At("metadata", "name"),
		}, binding.At("roleRef"))
		assert.Equal(t, []any{map[string]any{
			"kind": "ServiceAccount", "namespace": "dreamseed", "name": service + "-secrets",
		}}, binding.At("subjects"))
		binding.AssertDependsOn(t, role.Ref())
	}
	assert.Len(t, built.OfType(bindingType), 2)
}

// The namespace outlives an environment, and may hold the secrets of others.
func TestTheObjectsOfAReaderAreNamedAfterWhoReads(t *testing.T) {
	built := readers(t)
	for _, service := range []string{"auth", "user"} {
		for _, one := range built.Registered(t, service) {
			assert.Equal(t, "dreamseed-"+service+"-secrets", one.At("metadata", "name"))
			assert.Equal(t, map[string]any{
				"app.kubernetes.io/part-of": "dreamseed", "app.kubernetes.io/managed-by": "pulumi",
			}, one.At("metadata", "labels"))
		}
	}
	assert.Empty(t, built.OfType("kubernetes:core/v1:Namespace"), "whoever looks after the cluster made it")
}

// The address and the certificate authority are those that every pod of the cluster gets.
func TestAReaderAsksItsOwnClusterAsItself(t *testing.T) {
	built := readers(t)
	for service, reader := range map[string]*readertest.Reader{"auth": built.Auth, "user": built.User} {
		assert.Equal(t, map[string]any{"kubernetes": map[string]any{
			"remoteNamespace": "secret-manager",
			"server": map[string]any{
				"url":        "https://kubernetes.default",
				"caProvider": map[string]any{"type": "ConfigMap", "name": "kube-root-ca.crt", "key": "ca.crt"},
			},
			"auth": map[string]any{"serviceAccount": map[string]any{"name": service + "-secrets"}},
		}}, reader.Store)
		assert.Equal(t, "value", reader.Property, "a Secret has keys")
		assert.Empty(t, reader.Annotations)
	}
}

func TestTheFirstReadWaitsUntilTheReaderMay(t *testing.T) {
	built := readers(t)
	assert.Equal(t, []string{mocktest.Ref(bindingType, "auth-binding")}, built.Auth.First)
	assert.Equal(t, []string{mocktest.Ref(bindingType, "user-binding")}, built.User.First)
}
