package existing_test

import (
	"net/http"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/clustertest"
)

func TestTheContractOfACluster(t *testing.T) {
	reached := byPath(t, leadingTo(t, mocktest.NewAPIServer(t, http.StatusOK)))
	clustertest.Contract{
		Builder: existing.New,
		Spec: func(*testing.T) *cluster.Spec {
			valid := spec(reached)
			valid.Region, valid.Zones = "here", []string{"here-a"}
			for _, name := range []string{"first", "second"} {
				valid.NodePools = append(valid.NodePools, cluster.NodePool{
					Name: name, MaxNodes: 1, CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi"),
				})
			}
			return valid
		},
		Component: "dreamseed:cluster:Existing",
		Provider:  mocktest.Ref(providerType, "cluster-kubernetes"), Prefix: "kubernetes:",
	}.Test(t)
}
