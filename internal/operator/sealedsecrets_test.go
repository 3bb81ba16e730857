package operator_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

func TestSealedSecretsHasRightsInTheServicesNamespaceAndItsOwn(t *testing.T) {
	r := charttest.Get(t, operator.SealedSecrets)
	assert.Empty(t, r.Of("ClusterRole", "ClusterRoleBinding"))
	needed := []string{"events", "namespaces", "sealedsecrets", "sealedsecrets/status", "secrets"}
	assert.Equal(t, map[string][]string{services: needed, "sealed-secrets": needed}, rights(r))
}

// It lists the objects of a namespace, and exits if it may not.
func TestSealedSecretsLooksWhereItHasRights(t *testing.T) {
	arguments := controller(t, charttest.Get(t, operator.SealedSecrets)).Spec.Containers[0].Args
	assert.Subset(t, arguments, []string{"--additional-namespaces", "sealed-secrets," + services})
}

func TestTheRunbookNamesWhatSealedSecretsIsCalled(t *testing.T) {
	r := charttest.Get(t, operator.SealedSecrets)
	runbook := read(t, "../../docs/runbooks/sealed-secrets.md")
	found := r.Of("Service")
	require.Len(t, found, 2, "the controller's, and that of its metrics")
	service := found[0]
	assert.Contains(t, runbook, fmt.Sprintf("kubectl port-forward --namespace %s service/%s %v\n",
		service.At("metadata", "namespace"), service.Name(), service.At("spec", "ports", 0, "port")))

	name := controller(t, r).Labels["app.kubernetes.io/name"]
	assert.Contains(t, runbook, fmt.Sprintf("kubectl delete pod --namespace %s --selector app.kubernetes.io/name=%s\n",
		r.At("namespace"), name))
	assert.Contains(t, runbook, fmt.Sprintf("kubectl get secret --namespace %s ", r.At("namespace")))
}
