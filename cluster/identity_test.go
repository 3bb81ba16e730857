package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
)

// Another identity is another cluster: every object is replaced. These may never change.
func TestTheIdentityOfAClusterStaysWhatItIs(t *testing.T) {
	want := map[cluster.Cloud]string{
		cluster.GKE: "dreamseed-production-b15c61",
		cluster.EKS: "dreamseed-production-c35448",
		cluster.AKS: "dreamseed-production-edc33a",
	}
	got := map[cluster.Cloud]string{}
	for cloud, spec := range managed() {
		got[cloud] = spec.Identity()
	}
	assert.Equal(t, want, got)
	assert.Equal(t, "dreamseed", valid().Identity(), "an existing cluster's is the name that was given to it")
}

// The same list stands in the documentation of cluster.Spec.
func TestWhatMakesAClusterAnotherOne(t *testing.T) {
	another := map[string]func(*cluster.Spec){
		"cloud":    func(s *cluster.Spec) { s.Cloud = cluster.AKS },
		"name":     func(s *cluster.Spec) { s.Name = "other" },
		"account":  func(s *cluster.Spec) { s.Account = "other-project" },
		"region":   func(s *cluster.Spec) { s.Region = "europe-west1" },
		"nodes":    func(s *cluster.Spec) { s.Network.Nodes = "10.8.0.0/16" },
		"pods":     func(s *cluster.Spec) { s.Network.Pods = "10.72.0.0/14" },
		"services": func(s *cluster.Spec) { s.Network.Services = "10.9.0.0/20" },
		"control":  func(s *cluster.Spec) { s.Network.ControlPlane = "10.10.0.0/28" },
	}
	before := managed()[cluster.GKE].Identity()
	for name, change := range another {
		spec := managed()[cluster.GKE]
		change(spec)
		assert.NotEqual(t, before, spec.Identity(), name)
	}
	public := managed()[cluster.AKS]
	public.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	assert.NotEqual(t, managed()[cluster.AKS].Identity(), public.Identity(), "AKS cannot change it")
	same := map[string]func(*cluster.Spec){
		"zones":         func(s *cluster.Spec) { s.Zones = s.Zones[:2] },
		"version":       func(s *cluster.Spec) { s.KubernetesVersion = "1.36" },
		"pools":         func(s *cluster.Spec) { s.NodePools = s.NodePools[:1] },
		"access":        func(s *cluster.Spec) { s.API.AuthorizedRanges = []string{"203.0.113.0/24"} },
		"administrator": func(s *cluster.Spec) { s.API.Administrators = nil },
		"host":          func(s *cluster.Spec) { s.DNS.Host = "other.dreamseed.ai" },
		"protection":    func(s *cluster.Spec) { s.Protect = false },
	}
	for name, change := range same {
		spec := managed()[cluster.GKE]
		change(spec)
		assert.Equal(t, before, spec.Identity(), name)
	}
}

func TestAPoolGetsAnotherNameExactlyWhenItsMachinesChange(t *testing.T) {
	spec := managed()[cluster.GKE]
	before := spec.NamePool(spec.NodePools[1])
	cases := map[string]struct {
		change  func(*cluster.NodePool)
		another bool
	}{
		"machine type": {func(p *cluster.NodePool) { p.MachineTypes = []string{"n2d-standard-8"} }, true},
		"disk":         {func(p *cluster.NodePool) { p.DiskGB = 200 }, true},
		"capacity":     {func(p *cluster.NodePool) { p.Spot = false }, true},
		"default disk": {func(p *cluster.NodePool) { p.DiskGB = 100 }, false},
		"bounds":       {func(p *cluster.NodePool) { p.MinNodes, p.MaxNodes = 1, 20 }, false},
		"what pods get": {func(p *cluster.NodePool) {
			p.CPU, p.Memory = resource.MustParse("7"), resource.MustParse("28Gi")
		}, false},
	}
	for name, c := range cases {
		pool := managed()[cluster.GKE].NodePools[1]
		c.change(&pool)
		assert.Equal(t, c.another, before != spec.NamePool(pool), name)
	}
	spec.Zones = spec.Zones[:2]
	assert.NotEqual(t, before, spec.NamePool(spec.NodePools[1]), "zones")
}
