package gke_test

import (
	"testing"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest/clustertest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

func TestTheContractOfACluster(t *testing.T) {
	clustertest.Contract{
		Builder: gke.New, Clouds: []standin.Cloud{gcp.Cloud()},
		Spec:      func(*testing.T) *cluster.Spec { return production() },
		Component: "dreamseed:cluster:GKE",
		Provider:  "pulumi:providers:gcp::cluster-gcp", Prefix: "gcp:",
		Credential: []string{"gke-gcloud-auth-plugin", "--use_application_default_credentials"},
	}.Test(t)
}
