package traffic

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dreamseed/platform/internal/sandbox/load"
	"github.com/dreamseed/platform/monitoring/contract"
)

const port = 8000

func pod(name string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: types.UID(name)}}
}

// scrape returns the text of a pod's metrics.
func scrape(t *testing.T, of *Traffic, pod *corev1.Pod) string {
	t.Helper()
	handler := of.Answer(pod, port)
	require.NotNil(t, handler)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, contract.Path, http.NoBody))
	require.Equal(t, http.StatusOK, answer.Code)
	return answer.Body.String()
}

// clock is a time that the test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

func withClock() (*Traffic, *clock) {
	c := &clock{time.Unix(0, 0)}
	traffic := New("shop", port)
	traffic.now = c.now
	return traffic, c
}

func requests(status, count int) string {
	return fmt.Sprintf("%s{%s=\"%d\"} %d\n", contract.RequestsTotal, contract.LabelStatus, status, count)
}

func faster(seconds string, count int) string {
	return fmt.Sprintf("%s{le=%q} %d\n", contract.RequestDurationBucket, seconds, count)
}

func TestAPodReportsTheRequestsSinceItsFirstScrape(t *testing.T) {
	traffic, clock := withClock()
	traffic.Set(func(*corev1.Pod) load.Load {
		return load.Load{RequestsPerSecond: 10, ErrorShare: 0.25, Latency: 200 * time.Millisecond}
	})
	begun := scrape(t, traffic, pod("cart-1"))
	assert.Contains(t, begun, requests(200, 0))
	assert.Contains(t, begun, requests(500, 0), "the first error has to be an increase")

	clock.Time = clock.Add(10 * time.Second)
	text := scrape(t, traffic, pod("cart-1"))
	assert.Contains(t, text, requests(200, 75))
	assert.Contains(t, text, requests(500, 25))
	assert.Contains(t, text, faster("0.1", 0))
	assert.Contains(t, text, faster("0.25", 100))
	assert.Contains(t, text, fmt.Sprintf("%s 100\n", contract.RequestDurationCount))
}

func TestEveryPodHasALoadOfItsOwn(t *testing.T) {
	traffic, clock := withClock()
	traffic.Set(func(of *corev1.Pod) load.Load {
		if of.Name == "cart-2" {
			return load.Load{RequestsPerSecond: 1, ErrorShare: 1}
		}
		return load.Load{RequestsPerSecond: 1}
	})
	for _, name := range []string{"cart-1", "cart-2"} {
		scrape(t, traffic, pod(name))
	}
	clock.Time = clock.Add(5 * time.Second)
	assert.Contains(t, scrape(t, traffic, pod("cart-1")), requests(500, 0))
	assert.Contains(t, scrape(t, traffic, pod("cart-2")), requests(500, 5))
}

func TestTheFirstRuleThatHoldsCounts(t *testing.T) {
	canary := map[string]string{"rollouts-pod-template-hash": "new"}
	loadOf := ByLabels([]load.Rule{
		{Labels: canary, Load: load.Load{ErrorShare: 1}}, {Load: load.Load{RequestsPerSecond: 2}},
	})
	labelled := pod("cart-1")
	labelled.Labels = canary
	assert.Equal(t, load.Load{ErrorShare: 1}, loadOf(labelled))
	assert.Equal(t, load.Load{RequestsPerSecond: 2}, loadOf(pod("cart-2")), "a rule without labels is for every pod")
	assert.Equal(t, load.Load{}, ByLabels(nil)(labelled))
}

func TestANewLoadCountsFromNowOn(t *testing.T) {
	traffic, clock := withClock()
	traffic.Set(func(*corev1.Pod) load.Load { return load.Load{RequestsPerSecond: 1} })
	scrape(t, traffic, pod("cart-1"))
	clock.Time = clock.Add(10 * time.Second)
	traffic.Set(func(*corev1.Pod) load.Load { return load.Load{RequestsPerSecond: 100} })
	clock.Time = clock.Add(time.Second)
	assert.Contains(t, scrape(t, traffic, pod("cart-1")), requests(200, 110))
}

func TestPartsOfARequestAddUp(t *testing.T) {
	traffic, clock := withClock()
	traffic.Set(func(*corev1.Pod) load.Load { return load.Load{RequestsPerSecond: 0.5} })
	for range 5 {
		scrape(t, traffic, pod("cart-1"))
		clock.Time = clock.Add(time.Second)
	}
	assert.Contains(t, scrape(t, traffic, pod("cart-1")), requests(200, 2))
}

func TestOnlyThePodsOfTheNamespaceAnswerAndAtTheirPortOnly(t *testing.T) {
	traffic := New("shop", port)
	assert.NotNil(t, traffic.Answer(pod("cart-1"), port), "the control")
	assert.Nil(t, traffic.Answer(pod("cart-1"), port+1))
	other := pod("cart-1")
	other.Namespace = "office"
	assert.Nil(t, traffic.Answer(other, port))
}
