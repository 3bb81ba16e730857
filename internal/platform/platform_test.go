package platform_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

// Types of the resources that the platform registers.
const (
	namespaceType      = "kubernetes:core/v1:Namespace"
	quotaType          = "kubernetes:core/v1:ResourceQuota"
	limitRangeType     = "kubernetes:core/v1:LimitRange"
	secretType         = "kubernetes:core/v1:Secret"
	customExternal     = "kubernetes:external-secrets.io/v1:ExternalSecret"
	customStore        = "kubernetes:external-secrets.io/v1:SecretStore"
	customSealed       = "kubernetes:bitnami.com/v1alpha1:SealedSecret"
	secretsComponent   = "dreamseed:secrets:Secrets"
	accountType        = "kubernetes:core/v1:ServiceAccount"
	configMapType      = "kubernetes:core/v1:ConfigMap"
	serviceType        = "kubernetes:core/v1:Service"
	deploymentType     = "kubernetes:apps/v1:Deployment"
	policyType         = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	priorityClassType  = "kubernetes:scheduling.k8s.io/v1:PriorityClass"
	namespaceComponent = "dreamseed:platform:Namespace"
	serviceComponent   = "dreamseed:services:Service"
)

// clouds returns the clouds of a user's program.
func clouds() cluster.Builders {
	return cluster.Builders{
		cluster.GKE: gke.New, cluster.EKS: eks.New, cluster.AKS: aks.New, cluster.Existing: existing.New,
	}
}

// stackConfig returns the tracked configuration of a stack.
func stackConfig(t *testing.T, stack string) *config.Config {
	t.Helper()
	return load(t, mocktest.StackConfig(t, stack))
}

// load reads a configuration. If it has an existing cluster, that is a server of the test.
func load(t *testing.T, values map[string]string) *config.Config {
	t.Helper()
	cfg, err := config.Load(values, nil)
	require.NoError(t, err)
	if cfg.Cluster.Cloud == cluster.Existing {
		server := mocktest.NewAPIServer(t, http.StatusOK)
		cfg.Cluster.Existing.KubeconfigPath = mocktest.KubeconfigFile(t, mocktest.Kubeconfig(t, "",
			map[string]*api.Cluster{cfg.Cluster.Existing.Context: server.Cluster()}))
	}
	return cfg
}

// build registers an environment.
func build(t *testing.T, cfg *config.Config) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) },
		gcp.Cloud(), aws.Cloud(), azurenative.Cloud())
}

// environments returns the tracked stacks, and staging and production on the other clouds.
func environments(t *testing.T) map[string]map[string]string {
	t.Helper()
	found := map[string]map[string]string{}
	for _, stack := range mocktest.Stacks() {
		found[stack] = mocktest.StackConfig(t, stack)
	}
	for _, stack := range []string{"staging", "production"} {
		for _, cloud := range []cluster.Cloud{cluster.EKS, cluster.AKS} {
			found[stack+"-"+string(cloud)] = mocktest.StackConfigOn(t, stack, string(cloud))
		}
	}
	found["production-managed"] = managedData(t)
	return found
}

// managedData returns production with what the cloud can run.
func managedData(t *testing.T) map[string]string {
	t.Helper()
	values := mocktest.StackConfig(t, "production")
	change := func(key string, do func(section map[string]any)) {
		var section map[string]any
		require.NoError(t, json.Unmarshal([]byte(values[key]), &section))
		do(section)
		text, err := json.Marshal(section)
		require.NoError(t, err)
		values[key] = string(text)
	}
	change("dreamseed:data", func(section map[string]any) {
		section["postgres"] = map[string]any{"mode": "managed", "managed": map[string]any{"tier": "db-custom-2-7680"}}
		section["objects"] = map[string]any{"mode": "managed"}
	})
	return values
}

// eachStack runs the test against every environment. The tests share one run of each, which they only read.
func eachStack(t *testing.T, test func(t *testing.T, cfg *config.Config, built *mocktest.Recording)) {
	t.Helper()
	for name, values := range environments(t) {
		t.Run(name, func(t *testing.T) {
			run, done := runs[name]
			if !done {
				cfg := load(t, values)
				run = &stackRun{cfg: cfg, built: build(t, cfg)}
				runs[name] = run
			}
			test(t, run.cfg, run.built)
		})
	}
}

// runs caches the runs of eachStack. No test of this package is parallel.
var runs = map[string]*stackRun{}

type stackRun struct {
	cfg   *config.Config
	built *mocktest.Recording
}
