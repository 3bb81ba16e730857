package cost_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging"
)

// Half a cent: the figures below were worked out by hand, to the cent.
const cent = 0.005

func assertFigures(t *testing.T, want, got cost.Figures) {
	t.Helper()
	assert.InDelta(t, want.Minimum, got.Minimum, cent, "minimum")
	assert.InDelta(t, want.Expected, got.Expected, cent, "expected")
	assert.InDelta(t, want.Maximum, got.Maximum, cent, "maximum")
}

// Machines, management, NAT and one load balancer in 730 hours, without all the rest.
func TestFixedNumbersOfNodesByHand(t *testing.T) {
	cases := map[string]struct {
		onDemand, spot int
		want           float64
	}{
		// 3 × 0.427664 × 730 = 936.58; 0.10 × 730 = 73.00; 3 × 0.0014 × 730 = 3.07; 0.025 × 730 = 18.25
		"3 on demand": {3, 0, 1030.90},
		// and 3 × 0.155472 × 730 = 340.48; 3 more nodes of NAT, 3.07
		"3 and 3 on spot capacity": {3, 3, 1374.45},
		// 5 × 0.427664 × 730 = 1,560.97; 5 × 0.155472 × 730 = 567.47; 73.00; 10 × 0.0014 × 730 = 10.22; 18.25
		"5 and 5": {5, 5, 2229.92},
		// 10 × 0.427664 × 730 = 3,121.95; 73.00; 10.22; 18.25
		"10 on demand": {10, 0, 3223.42},
		// 3,121.95; 10 × 0.155472 × 730 = 1,134.95; 73.00; 20 × 0.0014 × 730 = 20.44; 18.25
		"10 and 10": {10, 10, 4368.58},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			of := cost.Of(bounded(t, c.onDemand, c.spot), fixtures(t))
			assertFigures(t, cost.Figures{Minimum: c.want, Expected: c.want, Maximum: c.want}, of.Total)
			assert.Equal(t, []string{
				"address of the NAT in europe-west4", "disk pd-balanced in europe-west4",
				"traffic to the internet in europe-west4", "version of a key in europe-west4",
			}, of.Missing, "the rest, of which the fixtures have no price")
		})
	}
}

// The expected nodes of production on each cloud. Half way between their autoscalers' bounds, the services have 12.5
// (assessment), 12 (ai-tutor, content), 6.5 (auth, payment, user) and 6 (analytics) pods of 250m and 512 MiB. On demand
// are 12.5 + 3 × 6.5 + the floors 2 + 2 + 1 = 37 of them, or 9.25 CPU; on spot capacity the other 25, or 6.25 CPU. A
// node offers 7.84 CPU, of which 70 % are 5.488: 9.25 CPU, and 3.2 of the store of the logs, are 3 nodes; 6.25 CPU
// are 2.
func TestProductionByHand(t *testing.T) {
	cases := map[string]struct {
		want    cost.Figures
		missing []string
	}{
		// management 73.00; on demand 3, 3, 10 × 0.427664 × 730: 936.584, 936.584, 3,121.947; spot 0, 2, 10 × 0.155472 × 730:
		// 0, 226.989, 1,134.946; boot disks 3, 5, 20 × 100 × 0.11: 33, 55, 220; volumes (2 × 51 + 3 × 100) × 0.11 = 44.22;
		// load balancer 0.028 × 730 = 20.44; NAT 3, 5, 20 × 0.0014 × 730: 3.066, 5.11, 20.44; its addresses 1, 1, 2 × 3.65,
		// because 20 × 4,096 ports are more than 64,512; key 0.06; traffic 500 × 0.12 = 60
		"gke": {want: cost.Figures{Minimum: 1174.02, Expected: 1425.05, Maximum: 4702.35}},
		// management 73.00; on demand 3, 3, 10 × 0.483 × 730: 1,057.77, 1,057.77, 3,525.90; spot at the dearest price known,
		// 0, 2, 10 × 0.1966 × 730: 0, 287.036, 1,435.18; boot disks 300, 500, 2,000 × 0.0952: 28.56, 47.60, 190.40; volumes
		// 402 × 0.0952 = 38.27; 3 addresses of the ingress and 3 of the NAT, 6 × 3.65 = 21.90; traffic 500 × 0.09 = 45
		"eks": {
			want: cost.Figures{Minimum: 1264.50, Expected: 1570.58, Maximum: 5329.65},
			missing: []string{
				"NAT gateway in eu-central-1", "key in eu-central-1", "load balancer in eu-central-1",
				"machine m7i.2xlarge on spot capacity in eu-central-1",
			},
		},
		// management 73.00; on demand 3, 3, 10 × 0.416 × 730: 911.04, 911.04, 3,036.80; system pool 3 × 0.104 × 730 = 227.76;
		// NAT gateway 0.045 × 730 = 32.85; its address and that of the ingress 2 × 3.65 = 7.30
		"aks": {
			want: cost.Figures{Minimum: 1251.95, Expected: 1251.95, Maximum: 3377.71},
			missing: []string{
				"disk P1 ZRS in westeurope", "disk P10 LRS in westeurope", "disk P10 ZRS in westeurope",
				"disk P6 LRS in westeurope", "disk P6 ZRS in westeurope", "load balancer in westeurope",
				"machine Standard_D8as_v5 on spot capacity in westeurope", "registry Standard in westeurope",
				"traffic to the internet in westeurope",
			},
		},
	}
	for cloud, c := range cases {
		t.Run(cloud, func(t *testing.T) {
			of := cost.Of(production(t, cloud), prices(t))
			assertFigures(t, c.want, of.Total)
			assert.Equal(t, c.missing, of.Missing)
			assert.Equal(t, len(c.missing) > 0, of.LowerBound())
		})
	}
}

func TestAPriceThatIsMissingIsNamedAndNeverZero(t *testing.T) {
	nothing, err := cost.Load(fstest.MapFS{})
	require.NoError(t, err)
	for _, cloud := range []string{"gke", "eks", "aks"} {
		of := cost.Of(production(t, cloud), nothing)
		assert.True(t, of.LowerBound(), cloud)
		assert.Contains(t, of.Text(today), "total, at least", cloud)
		for _, missing := range []string{"cluster management", "load balancer", "machine "} {
			assert.Contains(t, of.Text(today), missing, cloud)
		}
	}
}

// A spot pool that is switched off needs no price.
func TestWhatAStackDoesNotHaveIsNotMissing(t *testing.T) {
	cfg := production(t, "aks")
	const spot = "machine Standard_D8as_v5 on spot capacity in westeurope"
	assert.Contains(t, cost.Of(cfg, prices(t)).Missing, spot)
	cfg.Cluster.NodePools[1].MaxNodes = 0
	assert.NotContains(t, cost.Of(cfg, prices(t)).Missing, spot)
}

func TestAnExistingClusterHasNoPrice(t *testing.T) {
	of := cost.Of(load(t, mocktest.StackConfig(t, "local")), prices(t))
	assert.Equal(t, []string{"cluster dreamseed-local, which somebody else created"}, of.Missing)
	assert.Empty(t, of.Parts)
	assert.NotZero(t, of.Capacity.Minimum.CPU.Percent(), "what it offers is known")
}

// Azure bills the next larger disk.
func TestADiskOnAKSHasASize(t *testing.T) {
	cases := map[int]string{
		30: "disk P4 LRS", 32: "disk P4 LRS", 33: "disk P6 LRS", 128: "disk P10 LRS", 129: "disk P15 LRS",
		40_000: "disk of 40000 GiB LRS",
	}
	for size, disk := range cases {
		cfg := production(t, "aks")
		cfg.Cluster.NodePools[0].DiskGB = size
		assert.Contains(t, cost.Of(cfg, prices(t)).Missing, disk+" in westeurope")
	}
}

// partsOf returns the parts of an estimate.
func partsOf(of cost.Estimate) map[cost.Part]cost.Figures {
	parts := map[cost.Part]cost.Figures{}
	for _, part := range of.Parts {
		parts[part.Part] = part.Cost
	}
	return parts
}

func TestAPartThatTheStackDoesNotHaveIsNotBilled(t *testing.T) {
	cases := map[string]struct {
		reason string
		made   func(*config.Config)
		part   cost.Part
	}{
		"controller of somebody else": {
			reason: "its load balancer is somebody else's",
			made:   func(cfg *config.Config) { cfg.Operators = config.Present },
			part:   cost.LoadBalancers,
		},
		"another class": {
			reason: "the platform installs no controller for it",
			made:   func(cfg *config.Config) { cfg.Ingress.ClassName = "nginx" },
			part:   cost.LoadBalancers,
		},
		"Prometheus of somebody else, and no logs": {
			reason: "there are no volumes",
			made: func(cfg *config.Config) {
				cfg.Monitoring.Prometheus, cfg.Logs = "present", logging.Default(logging.None)
			},
			part: cost.Volumes,
		},
		"before the services": {
			reason: "monitoring waits for its secrets",
			made: func(cfg *config.Config) {
				cfg.Secrets.Bootstrap, cfg.Logs = true, logging.Default(logging.None)
			},
			part: cost.Volumes,
		},
		"no traffic": {
			reason: "none is stated",
			made:   func(cfg *config.Config) { cfg.Cost.EgressGB = 0 },
			part:   cost.Egress,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := production(t, "gke")
			require.Contains(t, partsOf(cost.Of(cfg, prices(t))), c.part)
			c.made(cfg)
			assert.NotContains(t, partsOf(cost.Of(cfg, prices(t))), c.part, c.reason)
		})
	}
}

// 1,024 × 0.12 + 9,216 × 0.11 + 1,760 × 0.085 = 122.88 + 1,013.76 + 149.60
func TestTrafficGetsCheaperByTheGiB(t *testing.T) {
	cfg := production(t, "gke")
	cfg.Cost.EgressGB = 12_000
	assert.InDelta(t, 1286.24, partsOf(cost.Of(cfg, prices(t)))[cost.Egress].Expected, cent)
}

// 32 × 0.0014 × 730 = 32.704 and an address of 3.65; the 33rd node adds nothing, and 64 ports each fit one address.
func TestTheNATOfManyNodesCostsNoMore(t *testing.T) {
	assert.InDelta(t, 36.35, partsOf(cost.Of(bounded(t, 32, 0), prices(t)))[cost.NAT].Minimum, cent)
	assert.InDelta(t, 36.35, partsOf(cost.Of(bounded(t, 40, 0), prices(t)))[cost.NAT].Minimum, cent)
}

// 10 × (0.427664 − 0.155472) × 730 = 1,987.00; as expected 2 × 198.70
func TestWhatSpotCapacitySaves(t *testing.T) {
	of := cost.Of(production(t, "gke"), prices(t))
	require.NotNil(t, of.Saving)
	assertFigures(t, cost.Figures{Expected: 397.40, Maximum: 1987.00}, *of.Saving)
	assert.Nil(t, cost.Of(production(t, "aks"), prices(t)).Saving, "no price of spot capacity is known")
}

// 24 pods × 250m = 6 CPU on 3 × 7.84 = 23.52; at the peak 134 pods, of which 7 are migrations of 100m: 127 × 250m + 0.7
// = 32.45 CPU on 20 × 7.84 = 156.8.
func TestRequestsAgainstCapacity(t *testing.T) {
	capacity := cost.Of(production(t, "gke"), prices(t)).Capacity
	assert.InDelta(t, 6, capacity.Minimum.CPU.Requested, cent)
	assert.InDelta(t, 23.52, capacity.Minimum.CPU.Offered, cent)
	assert.InDelta(t, 32.45, capacity.Peak.CPU.Requested, cent)
	assert.InDelta(t, 156.8, capacity.Peak.CPU.Offered, cent)
	assert.InDelta(t, 25.51, capacity.Minimum.CPU.Percent(), cent)
}
