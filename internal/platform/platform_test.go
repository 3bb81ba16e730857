package platform_test

import (
	"net/http"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
)

// The types of what the platform registers.
const (
	namespaceType      = "kubernetes:core/v1:Namespace"
	quotaType          = "kubernetes:core/v1:ResourceQuota"
	limitRangeType     = "kubernetes:core/v1:LimitRange"
	secretType         = "kubernetes:core/v1:Secret"
	accountType        = "kubernetes:core/v1:ServiceAccount"
	configMapType      = "kubernetes:core/v1:ConfigMap"
	serviceType        = "kubernetes:core/v1:Service"
	deploymentType     = "kubernetes:apps/v1:Deployment"
	policyType         = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	priorityClassType  = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
	namespaceComponent = "dreamseed:platform:Namespace"
	serviceComponent   = "dreamseed:services:Service"
)

// clouds are those that the program has by default.
func clouds() cluster.Builders { return cluster.Builders{cluster.Existing: existing.New} }

// stackConfig is the tracked configuration of a stack, with a kubeconfig that leads to a server of the test.
func stackConfig(t *testing.T, stack string) *config.Config {
	t.Helper()
	cfg, err := config.Load(mocktest.StackConfig(t, stack), nil)
	require.NoError(t, err)
	server := mocktest.NewAPIServer(t, http.StatusOK)
	cfg.Cluster.Existing.KubeconfigPath = mocktest.KubeconfigFile(t, mocktest.Kubeconfig(t, "",
		map[string]*api.Cluster{cfg.Cluster.Existing.Context: server.Cluster()}))
	return cfg
}

// build registers an environment.
func build(t *testing.T, cfg *config.Config) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) })
}

// eachStack runs the test against every tracked stack. The tests share a run of it, which they only read.
func eachStack(t *testing.T, test func(t *testing.T, cfg *config.Config, built *mocktest.Recording)) {
	t.Helper()
	for _, stack := range mocktest.Stacks() {
		t.Run(stack, func(t *testing.T) {
			run, done := runs[stack]
			if !done {
				cfg := stackConfig(t, stack)
				run = &stackRun{cfg: cfg, built: build(t, cfg)}
				runs[stack] = run
			}
			test(t, run.cfg, run.built)
		})
	}
}

// runs holds what eachStack built already. No test of this package is parallel.
var runs = map[string]*stackRun{}

type stackRun struct {
	cfg   *config.Config
	built *mocktest.Recording
}
