package catalogue_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/services/catalogue"
)

func TestTheSevenServices(t *testing.T) {
	assert.Equal(t, []string{"ai-tutor", "analytics", "assessment", "auth", "content", "payment", "user"},
		catalogue.Names())
}

func TestAServiceThatIsNotListedDoesNotExist(t *testing.T) {
	_, found := catalogue.Lookup("billing")
	assert.False(t, found)
}

// The catalogue's own figures must pass the rules for configuration.
func TestTheDefaultsOfEveryServiceAreValid(t *testing.T) {
	within := surroundings()
	within.CountedRequests = true
	for _, name := range catalogue.Names() {
		service, found := catalogue.Lookup(name)
		assert.True(t, found, name)
		assert.Equal(t, name, service.Name)
		assert.Equal(t, name+"-service", service.Workload())
		assert.Contains(t, catalogue.Priorities(), service.Priority, name)
		assert.GreaterOrEqual(t, service.Autoscaling.MinReplicas, 2, "%s survives the loss of a node", name)
		assert.Positive(t, service.Availability.Floor, name)
		service.Image, service.LogLevel = "example.com/"+name+digest, "INFO"
		assert.NoError(t, service.Validate(within), name)
	}
}

func TestTheResourcesAreThoseOfTheSeed(t *testing.T) {
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		assert.Equal(t, "250m", service.Resources.Requests.CPU.String(), name)
		assert.Equal(t, "512Mi", service.Resources.Requests.Memory.String(), name)
		assert.Equal(t, "500m", service.Resources.Limits.CPU.String(), name)
		assert.Equal(t, "1Gi", service.Resources.Limits.Memory.String(), name)
	}
}

// Changes by one caller to its copy must not reach the next one.
func TestAServiceIsACopy(t *testing.T) {
	first, _ := catalogue.Lookup("auth")
	first.Resources.Limits.CPU.Add(first.Resources.Limits.CPU)
	second, _ := catalogue.Lookup("auth")
	assert.Equal(t, "500m", second.Resources.Limits.CPU.String())

	first.Needs.Produces[0] = "grade-events"
	again, _ := catalogue.Lookup("auth")
	assert.Equal(t, []string{"auth-events"}, again.Needs.Produces)
}

func TestOnlyTwoServicesCallTheInternet(t *testing.T) {
	var calling []string
	for _, name := range catalogue.Names() {
		if service, _ := catalogue.Lookup(name); service.Internet {
			calling = append(calling, name)
		}
	}
	assert.Equal(t, []string{"ai-tutor", "payment"}, calling)
}

func TestPaymentAndAuthNeverRunOnSpot(t *testing.T) {
	var never []string
	for _, name := range catalogue.Names() {
		if service, _ := catalogue.Lookup(name); service.NeverSpot {
			never = append(never, name)
			assert.False(t, service.Spot.Allowed, name)
		}
	}
	assert.Equal(t, []string{"auth", "payment"}, never)
}

func TestTheAutoscalingTargetsAreThoseOfTheSeed(t *testing.T) {
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		assert.Equal(t, 70, service.Autoscaling.CPUPercent, name)
		assert.Equal(t, 80, service.Autoscaling.MemoryPercent, name)
	}
	assessment, _ := catalogue.Lookup("assessment")
	assert.Equal(t, 1000, assessment.Autoscaling.RequestsPerSecond)
}

func TestServicesReleaseByRollingUnlessTheySayOtherwise(t *testing.T) {
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		assert.Equal(t, catalogue.Rolling, service.Release.Strategy, name)
	}
}

func TestPrioritiesAreListedFromTheHighestToTheLowest(t *testing.T) {
	systemCritical := 2_000_000_000
	above := systemCritical
	for _, priority := range catalogue.Priorities() {
		assert.Less(t, priority.Value(), above, priority)
		above = priority.Value()
	}
	assert.Positive(t, above, "a pod without a priority has 0")
}
