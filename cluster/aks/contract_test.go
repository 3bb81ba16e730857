package aks_test

import (
	"testing"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/internal/mocktest/clustertest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

func TestTheContractOfACluster(t *testing.T) {
	clustertest.Contract{
		Builder: aks.New, Clouds: []standin.Cloud{azurenative.Cloud()},
		Spec:      func(*testing.T) *cluster.Spec { return production() },
		Component: "dreamseed:cluster:AKS",
		Provider:  "pulumi:providers:azure-native::cluster-azure", Prefix: "azure-native:",
		Credential: []string{
			"kubelogin", "get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630",
		},
	}.Test(t)
}
