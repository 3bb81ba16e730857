package eks_test

import (
	"testing"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/internal/mocktest/clustertest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

func TestTheContractOfACluster(t *testing.T) {
	clustertest.Contract{
		Builder: eks.New, Clouds: []standin.Cloud{aws.Cloud()},
		Spec:      func(*testing.T) *cluster.Spec { return production() },
		Component: "dreamseed:cluster:EKS",
		Provider:  "pulumi:providers:aws::cluster-aws", Prefix: "aws:",
		Credential: []string{
			"aws", "eks", "get-token", "--cluster-name", production().Identity(), "--region", "eu-central-1", "--output", "json",
		},
	}.Test(t)
}
