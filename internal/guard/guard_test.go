package guard_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/changeset/changesettest"
	"github.com/dreamseed/platform/internal/guard"
)

// findingOf returns the finding about a resource, by the end of its URN.
func findingOf(t *testing.T, findings []guard.Finding, name string) guard.Finding {
	t.Helper()
	at := slices.IndexFunc(findings, func(f guard.Finding) bool { return strings.HasSuffix(string(f.URN), "::"+name) })
	require.GreaterOrEqual(t, at, 0, "there is no finding about %s", name)
	return findings[at]
}

func TestAnOrdinaryChangeNeedsNoApproval(t *testing.T) {
	for _, name := range []string{changesettest.Nothing, changesettest.Release, changesettest.LogLevel} {
		assert.Empty(t, guard.Find(changesettest.Read(t, name)), name)
	}
}

func TestAClaimIsNotDeletedUnseen(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Delete))

	found := findingOf(t, findings, "monitoring-stack-prometheus-a-claim")
	assert.Equal(t, guard.Delete, found.Operation)
	assert.Equal(t, "volume claim", found.What)
	isConfigMap := func(f guard.Finding) bool { return f.URN.Type().Name() == "ConfigMap" }
	assert.False(t, slices.ContainsFunc(findings, isConfigMap),
		"dashboards go as well, and nobody misses data: "+strings.Join(changesettest.Shape(
			changesettest.Read(t, changesettest.Delete)), "\n"))
}

func TestWhatHoldsDataInTheClusterIsNotReplacedOrDeletedUnseen(t *testing.T) {
	for of, what := range map[string]string{
		"kubernetes:postgresql.cnpg.io/v1:Cluster":      "PostgreSQL",
		"kubernetes:postgresql.cnpg.io/v1:Database":     "database",
		"kubernetes:postgresql.cnpg.io/v1:DatabaseRole": "database role",
		"kubernetes:kafka.strimzi.io/v1:Kafka":          "Kafka",
		"kubernetes:kafka.strimzi.io/v1:KafkaNodePool":  "brokers",
		"kubernetes:kafka.strimzi.io/v1:KafkaTopic":     "topic",
		"kubernetes:core/v1:PersistentVolumeClaim":      "volume claim",
	} {
		for operation, says := range map[changeset.Operation]guard.Operation{
			changeset.Replace: guard.Replace, changeset.Delete: guard.Delete,
		} {
			found := guard.Find(changed(of, operation, &changeset.State{}, nil))
			require.Len(t, found, 1, of)
			assert.Equal(t, says, found[0].Operation, of)
			assert.Equal(t, what, found[0].What, of)
		}
	}
}

func TestAReplacedProviderSaysHowMuchGoesWithIt(t *testing.T) {
	set := changesettest.Read(t, changesettest.Replace)
	findings := guard.Find(set)

	provider := findingOf(t, findings, "cluster-kubernetes")
	assert.Equal(t, guard.Replace, provider.Operation)
	assert.Equal(t, len(set.Changes)-1, provider.Radius.Total(), "every other change is behind it")
	services := findingOf(t, findings, "services-namespace")
	assert.Equal(t, "namespace", services.What)
	assert.Equal(t, 7, services.Radius["HorizontalPodAutoscaler"], "one for each service")
	assert.Zero(t, services.Radius["Namespace"], "it is none of what lives in it")
}

func TestAProtectionThatEndsIsAFinding(t *testing.T) {
	findings := guard.Find(changesettest.Read(t, changesettest.Unprotect))

	require.Len(t, findings, 2)
	assert.Equal(t, guard.Unprotect, findingOf(t, findings, "services-namespace").Operation)
	assert.Equal(t, guard.Unprotect, findingOf(t, findings, "auth-deployment").Operation, "of whatever kind it is")
}

// changed returns a set with one change of a resource of a type.
func changed(of string, operation changeset.Operation, old, now *changeset.State) *changeset.Set {
	return &changeset.Set{Changes: []*changeset.Change{{
		URN:       "urn:pulumi:production::dreamseed::" + urnType(of) + "::it",
		Operation: operation, Old: old, New: now,
	}}}
}

func TestWhatWasProtectedBeforeIsGuardedWhateverItIs(t *testing.T) {
	const unguarded = "kubernetes:apps/v1:Deployment"
	cases := map[string]struct {
		old    changeset.State
		want   int
		reason string
	}{
		"protected": {changeset.State{Protect: true}, 1, "the engine refuses this only if it stays protected"},
		"retained":  {changeset.State{RetainOnDelete: true}, 1, "somebody wanted to keep it"},
		"neither":   {changeset.State{}, 0, "the control"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			for _, operation := range []changeset.Operation{changeset.Replace, changeset.Delete} {
				assert.Len(t, guard.Find(changed(unguarded, operation, &tt.old, nil)), tt.want, tt.reason)
			}
		})
	}
}

func TestWhatIsRetainedIsSaidToStay(t *testing.T) {
	const database = "kubernetes:postgresql.cnpg.io/v1:Database"
	why := func(operation changeset.Operation, old *changeset.State) string {
		found := guard.Find(changed(database, operation, old, nil))
		require.Len(t, found, 1)
		return found[0].Why
	}
	retained := &changeset.State{RetainOnDelete: true}
	assert.Contains(t, why(changeset.Delete, retained), "stays where it is")
	assert.Contains(t, why(changeset.Delete, retained), "docs/data.md", "what to do instead")
	assert.Equal(t, "its data goes with it", why(changeset.Delete, &changeset.State{}), "the control")
	assert.Equal(t, "its data goes with it", why(changeset.Replace, retained), "another one takes its name")
}

func TestTakingAProtectionAwayAndReplacingIsTwoFindings(t *testing.T) {
	set := changed("gcp:container/cluster:Cluster", changeset.Replace, &changeset.State{Protect: true}, &changeset.State{})

	var operations []guard.Operation
	for _, finding := range guard.Find(set) {
		operations = append(operations, finding.Operation)
	}

	assert.Equal(t, []guard.Operation{guard.Replace, guard.Unprotect}, operations)
}
