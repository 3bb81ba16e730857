package platform_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/render"
)

// stateOf returns the state that a run leaves.
func stateOf(built *mocktest.Recording) *apitype.DeploymentV3 {
	state := &apitype.DeploymentV3{}
	types := lineages(built)
	for _, one := range built.Resources {
		state.Resources = append(state.Resources, apitype.ResourceV3{
			URN:  resource.NewURN("production", "dreamseed", types[one.Parent], tokens.Type(one.Type), one.Name),
			Type: tokens.Type(one.Type), Custom: one.Custom, Inputs: one.Inputs, IgnoreChanges: one.IgnoreChanges,
		})
	}
	return state
}

// lineages returns the types of each component and of its parents, as the URNs of its children begin.
func lineages(built *mocktest.Recording) map[string]tokens.Type {
	types := map[string]tokens.Type{}
	for _, one := range built.Resources { // a parent is registered before its children
		types[one.Ref()] = tokens.Type(one.Type)
		if above := types[one.Parent]; above != "" {
			types[one.Ref()] = above + "$" + tokens.Type(one.Type)
		}
	}
	return types
}

// rendered returns a stack's manifests.
func rendered(t *testing.T, built *mocktest.Recording) *render.Rendering {
	t.Helper()
	r, err := render.Render("production", stateOf(built), nil)
	require.NoError(t, err)
	return r
}

// identity is what a manifest and a resource have in common. Release and Application of an operator have its name.
func identity(kind string, namespace, name any) string { return fmt.Sprintln(kind, namespace, name) }

func identityOf(one *mocktest.Resource) string {
	if one.Type == releaseType {
		return identity("Application", nil, one.At("name"))
	}
	_, kind, _ := strings.Cut(strings.TrimPrefix(one.Type, "kubernetes:"), ":")
	return identity(kind, one.At("metadata", "namespace"), one.At("metadata", "name"))
}

// stages returns the stage in which each manifest is applied, as its file's name says.
func stages(t *testing.T, r *render.Rendering) map[string]string {
	t.Helper()
	found := map[string]string{}
	for file, content := range r.Files {
		if path.Dir(file) == "." {
			continue
		}
		var manifest map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(content), &manifest), file)
		is := identity(manifest["kind"].(string), mocktest.At(manifest, "metadata", "namespace"),
			mocktest.At(manifest, "metadata", "name"))
		if manifest["kind"] == "Application" {
			is = identity("Application", nil, mocktest.At(manifest, "spec", "source", "helm", "releaseName"))
		}
		stage, _, _ := strings.Cut(path.Base(file), "-")
		found[is] = stage
	}
	require.NotEmpty(t, found)
	return found
}

func objectsAndReleases(t *testing.T, built *mocktest.Recording) []*mocktest.Resource {
	t.Helper()
	var found []*mocktest.Resource
	for _, one := range built.Resources {
		if one.Custom && strings.HasPrefix(one.Type, "kubernetes:") {
			found = append(found, one)
		}
	}
	require.NotEmpty(t, found)
	return found
}

func TestEveryObjectAndEveryReleaseIsRendered(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		r := rendered(t, built)

		assert.Empty(t, r.LeftOut, "no stack has a Secret, or a value that the state encrypts")
		in := stages(t, r)
		all := objectsAndReleases(t, built)
		for _, one := range all {
			assert.Contains(t, in, identityOf(one))
		}
		assert.Equal(t, len(all), r.Objects+r.Releases)
		assert.Len(t, built.OfType(releaseType), r.Releases)
	})
}

// completeAtOnce are the kinds that wait in the engine for no reason of their own, but with their component. They may
// come earlier.
var completeAtOnce = []string{
	"kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:ServiceAccount",
	"kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
	"kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
}

// The engine's graph says what waits for what; Argo CD has waves in its place.
func TestNothingIsAppliedBeforeWhatItDependsOn(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		in, waiting := stages(t, rendered(t, built)), 0
		all := map[string]*mocktest.Resource{}
		for _, one := range objectsAndReleases(t, built) {
			all[one.Ref()] = one
		}
		for _, one := range all {
			for _, dependency := range one.Dependencies {
				other, rendered := all[dependency]
				if !rendered || slices.Contains(completeAtOnce, one.Type) {
					continue
				}
				waiting++
				assert.LessOrEqual(t, in[identityOf(other)], in[identityOf(one)], "%s waits for %s", one.Ref(), other.Ref())
			}
		}
		assert.Greater(t, waiting, len(all), "many wait for several")
	})
}

// A stage is complete only when its Jobs and its Secrets are.
func TestWhatRunsOnADatabaseComesAfterItsMigration(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		in, gated := stages(t, rendered(t, built)), 0
		for _, job := range built.Each(t, "kubernetes:batch/v1:Job") {
			for _, one := range objectsAndReleases(t, built) {
				if one.Type == "kubernetes:apps/v1:Deployment" && dependsOn(one, job) {
					gated++
					assert.Less(t, in[identityOf(job)], in[identityOf(one)], one.Ref())
				}
				if one.Type == "kubernetes:external-secrets.io/v1:ExternalSecret" && dependsOn(job, one) {
					assert.Less(t, in[identityOf(one)], in[identityOf(job)], job.Ref())
				}
			}
		}
		assert.NotZero(t, gated)
	})
}

// The hand-over drops the Kubernetes provider from the state with everything that depends on it (docs/gitops.md).
func TestNothingOfACloudIsForgottenWithTheObjects(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		isObject := func(ref string) bool { return strings.HasPrefix(ref, "kubernetes:") }
		forgotten := func(one *mocktest.Resource) bool {
			return strings.HasPrefix(one.Provider, "pulumi:providers:kubernetes::") ||
				slices.ContainsFunc(one.Dependencies, isObject)
		}
		objects := 0
		for _, one := range built.Resources {
			if isObject(one.Type) {
				objects++
				assert.True(t, forgotten(one), "the control: %s", one.Ref())
			} else if one.Custom {
				assert.False(t, forgotten(one), one.Ref())
			}
		}
		assert.NotZero(t, objects)
	})
}

func dependsOn(one, other *mocktest.Resource) bool {
	return slices.Contains(one.Dependencies, other.Ref())
}
