package catalogue_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/services/catalogue"
)

// anyService generates a service of any size.
func anyService() *rapid.Generator[catalogue.Service] {
	return rapid.Custom(func(t *rapid.T) catalogue.Service {
		amounts := func(label string) catalogue.Amounts {
			return catalogue.Amounts{
				CPU:    *resource.NewMilliQuantity(rapid.Int64Range(1, 64_000).Draw(t, label+" CPU"), resource.DecimalSI),
				Memory: *resource.NewQuantity(rapid.Int64Range(1, 1<<40).Draw(t, label+" memory"), resource.BinarySI),
			}
		}
		return catalogue.Service{
			Autoscaling: catalogue.Autoscaling{MaxReplicas: rapid.IntRange(1, 1000).Draw(t, "replicas")},
			Resources:   catalogue.Resources{Requests: amounts("requested"), Limits: amounts("limited")},
		}
	})
}

func TestThePeakOfOneServiceIsItsPodsTimesItsResources(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		service := anyService().Draw(t, "service")
		most := service.Autoscaling.MaxReplicas
		pods := most + int(math.Ceil(float64(most)*0.25))
		peak := catalogue.Peak([]catalogue.Service{service})
		assert.Equal(t, pods, peak.Pods)
		for _, figure := range []struct{ one, all resource.Quantity }{
			{service.Resources.Requests.CPU, peak.Requests.CPU},
			{service.Resources.Requests.Memory, peak.Requests.Memory},
			{service.Resources.Limits.CPU, peak.Limits.CPU},
			{service.Resources.Limits.Memory, peak.Limits.Memory},
		} {
			assert.Equal(t, figure.one.MilliValue()*int64(pods), figure.all.MilliValue())
		}
	})
}

func TestThePeakOfManyIsTheSumOfTheirs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.SliceOfN(anyService(), 0, 10).Draw(t, "services")
		another := anyService().Draw(t, "another")
		without, alone := catalogue.Peak(services), catalogue.Peak([]catalogue.Service{another})
		with := catalogue.Peak(append(services, another))

		assert.Equal(t, without.Pods+alone.Pods, with.Pods)
		sum := without.Limits.Memory.DeepCopy()
		sum.Add(alone.Limits.Memory)
		assert.Zero(t, with.Limits.Memory.Cmp(sum))
		assert.Positive(t, with.Requests.CPU.Cmp(without.Requests.CPU), "more services never ask for less")
	})
}

func TestMoreReplicasNeverNeedLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		service := anyService().Draw(t, "service")
		grown := service
		grown.Autoscaling.MaxReplicas += rapid.IntRange(1, 100).Draw(t, "more")
		before, after := catalogue.Peak([]catalogue.Service{service}), catalogue.Peak([]catalogue.Service{grown})
		assert.Greater(t, after.Pods, before.Pods)
		assert.Positive(t, after.Requests.Memory.Cmp(before.Requests.Memory))
		assert.Positive(t, after.Limits.CPU.Cmp(before.Limits.CPU))
	})
}

func TestThePeakLeavesTheServicesAsTheyAre(t *testing.T) {
	service, _ := catalogue.Lookup("auth")
	catalogue.Peak([]catalogue.Service{service, service})
	assert.Equal(t, "250m", service.Resources.Requests.CPU.String())
}

// Kubernetes rounds the surge up: one pod that runs may have one beside it.
func TestTheSurgeIsRoundedUp(t *testing.T) {
	for replicas, pods := range map[int]int{1: 2, 3: 4, 4: 5, 5: 7, 20: 25} {
		peak := catalogue.Peak([]catalogue.Service{of(replicas)})
		assert.Equal(t, pods, peak.Pods, "%d replicas", replicas)
	}
}

func of(replicas int) catalogue.Service {
	return catalogue.Service{Autoscaling: catalogue.Autoscaling{MaxReplicas: replicas}}
}

func TestBlueAndGreenStandSideBySide(t *testing.T) {
	service := of(10)
	service.Release.Strategy = catalogue.BlueGreen
	assert.Equal(t, 20, catalogue.Peak([]catalogue.Service{service}).Pods)
}

func TestADatabaseIsMigratedByOnePodMore(t *testing.T) {
	without, with := of(4), of(4)
	with.Needs.Postgres = true
	with.Migration.Resources = catalogue.Resources{
		Requests: catalogue.Amounts{CPU: resource.MustParse("1"), Memory: resource.MustParse("3Gi")},
		Limits:   catalogue.Amounts{CPU: resource.MustParse("2"), Memory: resource.MustParse("4Gi")},
	}
	before, after := catalogue.Peak([]catalogue.Service{without}), catalogue.Peak([]catalogue.Service{with})
	assert.Equal(t, before.Pods+1, after.Pods)
	migration := with.Migration.Resources
	migration.Requests.CPU.Add(before.Requests.CPU)
	assert.Zero(t, after.Requests.CPU.Cmp(migration.Requests.CPU))
	migration.Limits.Memory.Add(before.Limits.Memory)
	assert.Zero(t, after.Limits.Memory.Cmp(migration.Limits.Memory))
}
