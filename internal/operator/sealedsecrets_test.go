package operator_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
)

func TestSealedSecretsHasRightsInTheServicesNamespaceAndItsOwn(t *testing.T) {
	r := released(t, operator.SealedSecrets)
	assert.Empty(t, r.of("ClusterRole", "ClusterRoleBinding"))
	needed := []string{"events", "namespaces", "sealedsecrets", "sealedsecrets/status", "secrets"}
	assert.Equal(t, map[string][]string{services: needed, "sealed-secrets": needed}, r.rights())
}

// It asks for the objects of a namespace where it may have them, or it would end.
func TestSealedSecretsLooksWhereItHasRights(t *testing.T) {
	arguments := released(t, operator.SealedSecrets).controller(t).Spec.Containers[0].Args
	assert.Subset(t, arguments, []string{"--additional-namespaces", "sealed-secrets," + services})
}

func TestTheRunbookNamesWhatSealedSecretsIsCalled(t *testing.T) {
	r := released(t, operator.SealedSecrets)
	runbook := read(t, "../../docs/runbooks/sealed-secrets.md")
	found := r.of("Service")
	require.Len(t, found, 2, "the controller's, and that of its metrics")
	controller := found[0]
	assert.Contains(t, runbook, fmt.Sprintf("kubectl port-forward --namespace %s service/%s %v\n",
		controller.at("metadata", "namespace"), controller.name(), controller.at("spec", "ports", 0, "port")))

	name := r.controller(t).Labels["app.kubernetes.io/name"]
	assert.Contains(t, runbook, fmt.Sprintf("kubectl delete pod --namespace %s --selector app.kubernetes.io/name=%s\n",
		r.At("namespace"), name))
	assert.Contains(t, runbook, fmt.Sprintf("kubectl get secret --namespace %s ", r.At("namespace")))
}
