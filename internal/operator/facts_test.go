package operator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// eachKnown runs the test for every operator whose chart is known only by facts, with the values of its release.
func eachKnown(t *testing.T, test func(t *testing.T, facts charttest.Facts, values map[string]any)) {
	t.Helper()
	require.NotEmpty(t, charttest.Known())
	for _, name := range charttest.Known() {
		t.Run(string(name), func(t *testing.T) {
			test(t, charttest.FactsOf(name), charttest.Values(t, charttest.Registered(t, name)))
		})
	}
}

func TestEveryOperatorsChartIsRenderedOrKnown(t *testing.T) {
	assert.ElementsMatch(t, operator.Names(), append(charttest.Rendered(), charttest.Known()...))
}

func TestFactsAreAboutTheChartOfTheRelease(t *testing.T) {
	for _, name := range charttest.Known() {
		release, facts := charttest.Registered(t, name), charttest.FactsOf(name)
		assert.Equal(t, facts.Chart, release.At("chart"))
		assert.Equal(t, facts.Version, release.At("version"))
	}
}

// Traefik's chart refuses unknown values, and that of Argo Rollouts ignores them.
func TestEveryValueIsOneThatTheChartKnows(t *testing.T) {
	eachKnown(t, func(t *testing.T, facts charttest.Facts, values map[string]any) {
		paths := leaves(values)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			if len(path) > 2 && strings.HasSuffix(strings.ToLower(path[1]), "annotations") {
				continue // Others decide their names.
			}
			assert.True(t, facts.Knows(strings.Join(path, ".")), "%s is no value of %s %s", path, facts.Chart, facts.Version)
		}
		assert.Empty(t, facts.Unused(values), "a fact that nothing is checked with")
	})
}

func TestTheKnownPodsAreRestrictedWhateverTheChartsDefaultsAre(t *testing.T) {
	eachKnown(t, func(t *testing.T, facts charttest.Facts, values map[string]any) {
		assert.Empty(t, charttest.Forbidden(t, facts.Pod(t, values)))
		assert.Empty(t, charttest.Forbidden(t, facts.WithoutDefaults().Pod(t, values)))
	})
}

func TestEveryValueOfAKnownPodsSecurityIsNeeded(t *testing.T) {
	eachKnown(t, func(t *testing.T, facts charttest.Facts, values map[string]any) {
		judged := 0
		for _, path := range leaves(values) {
			_, ofAnotherPod := facts.Elsewhere[strings.Join(path, ".")]
			if ofAnotherPod || !strings.HasSuffix(strings.ToLower(path[0]), "securitycontext") {
				continue
			}
			judged++
			less := charttest.Values(t, charttest.Registered(t, named(t, facts)))
			remove(less, path)
			assert.NotEmpty(t, charttest.Forbidden(t, facts.WithoutDefaults().Pod(t, less)), path)
		}
		assert.Equal(t, 4, judged)
	})
}

// The chart of Traefik 37.0.0 set everything but the seccomp profile
// (https://github.com/traefik/traefik-helm-chart/blob/v37.0.0/traefik/values.yaml), and the release did not set it,
// either.
func TestTheFactsWouldHaveShownThatTraefikIsRefused(t *testing.T) {
	facts := charttest.FactsOf(operator.Traefik)
	facts.Defaults = strings.Replace(facts.Defaults, ", seccompProfile: {type: RuntimeDefault}", "", 1)
	values := charttest.Values(t, charttest.Registered(t, operator.Traefik))
	assert.Empty(t, charttest.Forbidden(t, facts.Pod(t, values)))
	remove(values, []string{"podSecurityContext", "seccompProfile", "type"})
	assert.Equal(t, []string{"seccompProfile"}, charttest.Forbidden(t, facts.Pod(t, values)))
}

// named returns the operator whose chart the facts are about.
func named(t *testing.T, facts charttest.Facts) operator.Name {
	t.Helper()
	for _, name := range charttest.Known() {
		if charttest.FactsOf(name).Chart == facts.Chart {
			return name
		}
	}
	require.Fail(t, "no operator has this chart", facts.Chart)
	return ""
}

// An operator that the sandbox does not build has the image of its chart, which has the same version.
func TestKnownImagesAreOfTheVersionThatASandboxBuilds(t *testing.T) {
	eachKnown(t, func(t *testing.T, facts charttest.Facts, values map[string]any) {
		container := facts.Pod(t, values).Spec.Containers[0]
		version := facts.Version
		if name := named(t, facts); !isStandIn(name) {
			var err error
			_, version, err = operators.Source(t.Context(), charttest.Project(t), name)
			require.NoError(t, err)
		}
		_, tag, _ := strings.Cut(container.Image, ":")
		assert.Equal(t, strings.TrimPrefix(version, "v"), strings.TrimPrefix(tag, "v"))
		assert.NotEmpty(t, container.Resources.Requests)
		assert.NotEmpty(t, container.Resources.Limits)
	})
}

// isStandIn reports whether nothing of the operator is built. One that is built may have a stand-in for its pods.
func isStandIn(name operator.Name) bool {
	return !slices.ContainsFunc(operators.All(), func(one operators.Operator) bool {
		return one.Name == name && !one.IsStandIn()
	})
}
