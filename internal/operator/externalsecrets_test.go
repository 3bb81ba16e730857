package operator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

func TestExternalSecretsHasRightsInTheServicesNamespaceAlone(t *testing.T) {
	r := charttest.Get(t, operator.ExternalSecrets)
	assert.Empty(t, r.Of("ClusterRole", "ClusterRoleBinding"))
	rights := rights(r)
	assert.ElementsMatch(t, []string{services, "external-secrets"}, slices.Collect(maps.Keys(rights)))
	assert.Equal(t, []string{"configmaps", "leases"}, rights["external-secrets"], "to find out which replica leads")
}

func TestExternalSecretsHasNoRightsOnWhatItLeavesAlone(t *testing.T) {
	for _, resource := range rights(charttest.Get(t, operator.ExternalSecrets))[services] {
		if resource != "clustergenerators" { // The chart always lists it, and a Role gives no cluster-wide rights.
			assert.False(t, unused(resource), resource)
		}
	}
}

func TestExternalSecretsInstallsTheKindsThatItWorksOn(t *testing.T) {
	var kinds []string
	for _, one := range charttest.Get(t, operator.ExternalSecrets).Of("CustomResourceDefinition") {
		kinds = append(kinds, one.At("spec", "names", "plural").(string))
	}
	assert.Subset(t, kinds, []string{"externalsecrets", "secretstores", "generatorstates"})
	for _, kind := range kinds {
		assert.False(t, unused(kind), kind)
	}
}

// unused reports whether the platform has no objects of a kind: cluster-wide kinds, and kinds that write to a secret
// manager.
func unused(resource string) bool {
	return strings.HasPrefix(resource, "cluster") || strings.HasPrefix(resource, "pushsecrets")
}

// The webhook and the controller of its certificate would need rights over the whole cluster.
func TestExternalSecretsIsItsControllerAlone(t *testing.T) {
	r := charttest.Get(t, operator.ExternalSecrets)
	assert.Equal(t, []string{"external-secrets"}, slices.Collect(maps.Keys(r.Pods(t))))
	assert.Empty(t, r.Of("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "Service", "Secret"))
}

func TestExternalSecretsReconcilesTheServicesNamespaceAlone(t *testing.T) {
	arguments := controller(t, charttest.Get(t, operator.ExternalSecrets)).Spec.Containers[0].Args
	assert.Subset(t, arguments, []string{
		"--namespace=" + services,
		"--enable-cluster-store-reconciler=false",
		"--enable-cluster-external-secret-reconciler=false",
		"--enable-cluster-push-secret-reconciler=false",
		"--enable-push-secret-reconciler=false",
	})
	assert.Contains(t, arguments, "--enable-leader-election=true", "or two replicas would write the same Secret")
}
