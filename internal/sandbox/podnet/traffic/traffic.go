// Package traffic stands in for what the services report about their requests. Each pod has the metrics of
// monitoring/contract in a registry of its own; load, errors and latency are set from outside.
package traffic

import (
	"net/http"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dreamseed/platform/internal/sandbox/load"
	"github.com/dreamseed/platform/monitoring/contract"
)

// ByLabels returns the load of each pod by the first rule that holds for it. A pod without a rule has none.
func ByLabels(rules []load.Rule) func(*corev1.Pod) load.Load {
	return func(pod *corev1.Pod) load.Load {
		for _, rule := range rules {
			if labels.SelectorFromSet(rule.Labels).Matches(labels.Set(pod.Labels)) {
				return rule.Load
			}
		}
		return load.Load{}
	}
}

// Traffic is the traffic to the pods of a namespace.
type Traffic struct {
	namespace string
	port      int
	now       func() time.Time

	lock sync.Mutex
	load func(*corev1.Pod) load.Load
	pods map[types.UID]*metrics
}

// New returns traffic to the pods of a namespace that serve their metrics at a port. It has no load yet.
func New(namespace string, port int) *Traffic {
	return &Traffic{
		namespace: namespace, port: port, now: time.Now, pods: map[types.UID]*metrics{},
		load: func(*corev1.Pod) load.Load { return load.Load{} },
	}
}

// Set sets the load of each pod from now on.
func (t *Traffic) Set(of func(*corev1.Pod) load.Load) {
	t.lock.Lock()
	defer t.lock.Unlock()
	now := t.now()
	for _, pod := range t.pods {
		pod.advance(now, t.load(pod.of))
	}
	t.load = of
}

// Answer answers as the pods: at their port, at the contract's path. It is an answer of a podnet.Network. The counters
// of a pod begin at its first scrape.
func (t *Traffic) Answer(pod *corev1.Pod, port int) http.Handler {
	if pod.Namespace != t.namespace || port != t.port {
		return nil
	}
	paths := http.NewServeMux()
	paths.HandleFunc("GET "+contract.Path, func(w http.ResponseWriter, r *http.Request) {
		t.scraped(pod).ServeHTTP(w, r)
	})
	return paths
}

// scraped returns the pod's metrics as they are now.
func (t *Traffic) scraped(pod *corev1.Pod) http.Handler {
	t.lock.Lock()
	defer t.lock.Unlock()
	known := t.pods[pod.UID]
	if known == nil {
		known = newMetrics(pod, t.now())
		t.pods[pod.UID] = known
	}
	known.advance(t.now(), t.load(pod))
	return known.handler
}
