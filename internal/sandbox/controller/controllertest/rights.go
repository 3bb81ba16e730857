// Package controllertest checks the stand-ins of operators.
package controllertest

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/sandbox/controller"
)

// AssertMayWatch asserts that the ClusterRole in a file grants what a watch of each kind takes. Without it, a stand-in
// would see a change seconds later.
func AssertMayWatch(t *testing.T, file string, kinds []controller.Kind) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(content), "\n---\n")
	var role rbacv1.ClusterRole
	require.NoError(t, yaml.UnmarshalStrict([]byte(first), &role))
	require.NotEmpty(t, kinds)
	for _, kind := range kinds {
		for _, verb := range []string{"list", "watch"} {
			assert.True(t, slices.ContainsFunc(role.Rules, func(rule rbacv1.PolicyRule) bool {
				return slices.Contains(rule.APIGroups, kind.Group) && slices.Contains(rule.Resources, kind.Resource) &&
					slices.Contains(rule.Verbs, verb)
			}), "%s does not grant to %s %s", file, verb, kind.Resource)
		}
	}
}
