// Package clustertest holds the contract of a cluster.Builder as tests, which every builder runs. The package of a
// builder tests what is special about its cloud.
package clustertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/readertest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// Contract describes a builder to the tests.
type Contract struct {
	Builder cluster.Builder
	// Clouds are the stand-ins that the builder needs.
	Clouds []standin.Cloud
	// Spec returns the specification of a cluster. Each call returns an equal one.
	Spec func(t *testing.T) *cluster.Spec
	// Component is the type of the builder's component. Provider is the Ref of the provider of all resources whose type
	// begins with Prefix.
	Component, Provider, Prefix string
	// Credential is the command, with its arguments, that the kubeconfig runs for a credential. Empty if the kubeconfig is
	// given and not built.
	Credential []string
}

// Test runs every test of the contract.
func (c Contract) Test(t *testing.T) {
	t.Run("every resource has its parent and its provider", c.parents)
	t.Run("the platform is answered", c.answers)
	t.Run("the same specification is the same cluster", c.same)
	t.Run("the kubeconfig holds no credential", c.kubeconfig)
	t.Run("a reader has no credential to keep", func(t *testing.T) { c.readers(t).AssertKeyless(t) })
	t.Run("a reader is part of its cluster", c.readerIsPart)
}

func (c Contract) build(t *testing.T, spec *cluster.Spec) (*mocktest.Recording, *cluster.Cluster) {
	t.Helper()
	require.NoError(t, spec.Validate())
	var built *cluster.Cluster
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		built, err = c.Builder(ctx, "cluster", spec)
		return err
	}, c.Clouds...)
	return recording, built
}

func (c Contract) readers(t *testing.T) *readertest.Readers {
	t.Helper()
	return readertest.Build(t, c.Builder, c.Spec(t), c.Clouds...)
}

func (c Contract) parents(t *testing.T) {
	built, _ := c.build(t, c.Spec(t))
	built.AssertParents(t, "cluster")
	built.AssertExplicitProviders(t)
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, c.Prefix) {
			assert.Equal(t, c.Provider, one.Provider, one.Name)
		}
	}
}

func (c Contract) answers(t *testing.T) {
	spec := c.Spec(t)
	_, built := c.build(t, spec)
	assert.Equal(t, spec.Identity(), built.Name)
	assert.Equal(t, spec.Cloud.Spot(), built.Spot)
	assert.NotNil(t, built.Provider)
	assert.NotNil(t, built.NewIdentity)
	assert.NotNil(t, built.NewSecretReader)
}

// same reverses lists whose order means nothing. A stand-in may give other IDs in each run: the resources that differ
// between two runs of one specification are left out.
func (c Contract) same(t *testing.T) {
	first, _ := c.build(t, c.Spec(t))
	again, _ := c.build(t, c.Spec(t))
	reordered := c.Spec(t)
	slices.Reverse(reordered.API.Administrators)
	slices.Reverse(reordered.NodePools)
	second, _ := c.build(t, reordered)
	assert.Equal(t, first.Inventory(), second.Inventory())
	assert.Subset(t, mocktest.Changed(first, again), mocktest.Changed(first, second))
}

func (c Contract) kubeconfig(t *testing.T) {
	spec := c.Spec(t)
	built, _ := c.build(t, spec)
	provider := built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes")
	assert.Equal(t, spec.Identity(), provider.At("clusterIdentifier"))
	if len(c.Credential) == 0 {
		assert.Equal(t, spec.Existing.KubeconfigPath, provider.At("kubeconfig"), "the file, and not what it holds")
		return
	}
	assert.Equal(t, []string{"kubeconfig"}, provider.Secrets)
	assert.Equal(t, spec.Identity(), provider.At("context"))
	mocktest.AssertExecKubeconfig(t, provider.At("kubeconfig").(string), spec.Identity(),
		c.Credential[0], c.Credential[1:]...)
}

func (c Contract) readerIsPart(t *testing.T) {
	built := c.readers(t)
	built.AssertOptionsReachAll(t)
	for _, one := range built.Registered(t, "auth") {
		assert.True(t, strings.HasPrefix(one.Type, c.Prefix), one.Type)
		assert.Equal(t, mocktest.Ref(c.Component, "cluster"), one.Parent, one.Name)
		assert.Equal(t, c.Provider, one.Provider, "no other account or cluster is touched: %s", one.Name)
	}
}
