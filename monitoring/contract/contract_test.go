package contract_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/monitoring/contract"
)

// Prometheus 3 stores le="1" as le="1.0", so a matcher of "1" selects nothing.
func TestABoundIsWrittenAsPrometheusStoresIt(t *testing.T) {
	for milliseconds, want := range map[int]string{
		5: "0.005", 25: "0.025", 100: "0.1", 500: "0.5", 1000: "1.0", 2500: "2.5", 10_000: "10.0",
	} {
		assert.Equal(t, want, contract.Bound(milliseconds))
	}
}

func TestEveryBucketHasABoundInMilliseconds(t *testing.T) {
	assert.Equal(t, []int{5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000}, contract.BucketMilliseconds())
	assert.Len(t, contract.Buckets(), len(contract.BucketMilliseconds()))
}

func TestASelectorIsNotChangedByOneThatIsMadeFromIt(t *testing.T) {
	base := contract.OfService("shop", "auth-service")
	one, other := base.And(`status="500"`), base.And(`status="200"`)
	assert.Equal(t, `x{namespace="shop",service="auth-service",status="500"}`, one.Of("x"))
	assert.Equal(t, `x{namespace="shop",service="auth-service",status="200"}`, other.Of("x"))
}

// A service that never failed has no series with a status of 500 or more, and its share of failures is 0.
func TestTheShareOfFailuresOfAHealthyServiceIsZero(t *testing.T) {
	selected := contract.OfService("shop", "auth-service")
	const all = `sum by (namespace, service) (rate(http_requests_total{namespace="shop",service="auth-service"}[5m]))`
	const failed = `sum by (namespace, service) ` +
		`(rate(http_requests_total{namespace="shop",service="auth-service",status=~"5.."}[5m]))`
	assert.Equal(t, "("+failed+" or 0 * "+all+") / "+all,
		contract.Ratio(contract.FailedRequests(selected), contract.Requests(selected), "5m"))
}

func TestSlowRequestsAreThoseAboveTheBucket(t *testing.T) {
	selected := contract.OfService("shop", "auth-service")
	const sum = `sum by (namespace, service) `
	assert.Equal(t,
		`(`+sum+`(increase(http_request_duration_seconds_count{namespace="shop",service="auth-service"}[1h])) - `+
			sum+`(increase(http_request_duration_seconds_bucket{namespace="shop",service="auth-service",le="1.0"}[1h])))`,
		contract.SlowRequests(selected, 1000)("increase", "1h"))
}
