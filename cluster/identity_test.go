package cluster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/cluster"
)

// A changed identity means another cluster, and every object is replaced. These values must never change.
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

// The doc comment of cluster.Spec has the same list.
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
		"data":          func(s *cluster.Spec) { s.Network.Data = "10.11.0.0/24" },
		"zones":         func(s *cluster.Spec) { s.Zones = s.Zones[:2] },
		"version":       func(s *cluster.Spec) { s.KubernetesVersion = "1.36" },
		"pools":         func(s *cluster.Spec) { s.NodePools = s.NodePools[:1] },
		"access":        func(s *cluster.Spec) { s.API.AuthorizedRanges = []string{"203.0.113.0/24"} },
		"administrator": func(s *cluster.Spec) { s.API.Administrators = nil },
		"preview":       func(s *cluster.Spec) { s.API.PreviewIdentity = previewIdentities[cluster.GKE] },
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

func TestAGroupOfAZoneGetsAnotherNameExactlyWhenItsMachinesChange(t *testing.T) {
	spec := managed()[cluster.EKS]
	zone, pool := spec.Zones[1], spec.NodePools[1]
	before := spec.NamePoolIn(zone, pool)
	assert.Regexp(t, "^spot-b-[0-9a-f]{6}$", before, "people see at a glance what it is")
	cases := map[string]struct {
		change  func(*cluster.Spec)
		another bool
	}{
		"machine types": {func(s *cluster.Spec) { s.NodePools[1].MachineTypes = []string{"m7a.2xlarge"} }, true},
		"disk":          {func(s *cluster.Spec) { s.NodePools[1].DiskGB = 200 }, true},
		"capacity":      {func(s *cluster.Spec) { s.NodePools[1].Spot = false }, true},
		"cluster":       {func(s *cluster.Spec) { s.Network.Nodes = "10.8.0.0/16" }, true},
		"bounds":        {func(s *cluster.Spec) { s.NodePools[1].MinNodes, s.NodePools[1].MaxNodes = 0, 20 }, false},
		"added zone":    {func(s *cluster.Spec) { s.Zones = append(s.Zones, "eu-central-1d") }, false},
		"removed zone":  {func(s *cluster.Spec) { s.Zones = s.Zones[:2] }, false},
		"another order": {func(s *cluster.Spec) { s.Zones[0], s.Zones[2] = s.Zones[2], s.Zones[0] }, false},
	}
	for name, c := range cases {
		spec := managed()[cluster.EKS]
		c.change(spec)
		assert.Equal(t, c.another, before != spec.NamePoolIn(zone, spec.NodePools[1]), name)
	}
}

// Whatever the length of a pool's name, the groups of two zones have different names, and EKS accepts both uncut.
func TestTheGroupsOfAPoolHaveNamesThatFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := managed()[cluster.EKS]
		spec.NodePools = spec.NodePools[:1]
		spec.NodePools[0].Name = rapid.StringMatching(`[a-z]([a-z0-9-]{0,52}[a-z0-9])?`).Draw(t, "name")
		spec.Region = rapid.SampledFrom([]string{"eu-central-1", "ap-southeast-3", "us-east-1"}).Draw(t, "region")
		spec.Zones = []string{spec.Region + "a", spec.Region + "b", spec.Region + "c"}
		require.NoError(t, spec.Validate())
		names := map[string]bool{}
		for _, zone := range spec.Zones {
			name := spec.NamePoolIn(zone, spec.NodePools[0])
			names[name] = true
			assert.LessOrEqual(t, len(name), 63)
			assert.Contains(t, name, spec.NodePools[0].Name+"-"+strings.TrimPrefix(zone, spec.Region)+"-", "it is not cut")
		}
		assert.Len(t, names, 3)
	})
}
