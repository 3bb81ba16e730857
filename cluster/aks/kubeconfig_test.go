package aks_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

// nameAskedFor returns the name of the API server that Azure is asked for. Nil where none is chosen.
func nameAskedFor(t *testing.T, spec *cluster.Spec) any {
	t.Helper()
	cloud := azurenative.Cloud()
	credentials := cloud.Functions["azure-native:containerservice/v20240901:listManagedClusterUserCredentials"]
	answer, asked := credentials.Result["kubeconfigs"], []any(nil)
	credentials.Result["kubeconfigs"] = func(i standin.Instance) any {
		name, _ := i.Input("serverFqdn")
		asked = append(asked, name)
		return answer(i)
	}
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := aks.New(ctx, "cluster", spec)
		return err
	}, cloud)
	if assert.Len(t, asked, 1) {
		return asked[0]
	}
	return nil
}

func TestThePublicNameIsChosenWhereThereIsAnother(t *testing.T) {
	assert.Equal(t, "public", nameAskedFor(t, production()), "nobody outside of the cluster's network resolves the other")
	assert.Nil(t, nameAskedFor(t, public()), "it has one name only")
}
