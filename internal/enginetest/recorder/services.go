package recorder

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// serviceLabel names the Service to which an EndpointSlice belongs.
const serviceLabel = "kubernetes.io/service-name"

// LowestServing returns the lowest number of endpoints of a Service to which kube-proxy would have sent traffic at any
// moment of the record: the ready ones, or if none is ready, those that are terminating but still serving
// (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions).
func (h History) LowestServing(service string) int {
	return h.lowest(func(live objects) int {
		ready, ending := map[string]bool{}, map[string]bool{}
		for _, object := range live {
			if object.GetKind() == "EndpointSlice" && object.GetLabels()[serviceLabel] == service {
				collect(object, ready, ending)
			}
		}
		if len(ready) == 0 {
			return len(ending)
		}
		return len(ready)
	})
}

// collect adds the addresses of a slice's endpoints. One address may be in two slices while it moves between them.
func collect(slice *unstructured.Unstructured, ready, ending map[string]bool) {
	endpoints, _, _ := unstructured.NestedSlice(slice.Object, "endpoints")
	for _, one := range endpoints {
		endpoint, _ := one.(map[string]any)
		addresses, _, _ := unstructured.NestedStringSlice(endpoint, "addresses")
		for _, address := range addresses {
			switch {
			case is(endpoint, "ready", true):
				ready[address] = true
			case is(endpoint, "serving", false) && is(endpoint, "terminating", false):
				ending[address] = true
			}
		}
	}
}

// is reports whether an endpoint's condition holds. The API defines defaults for unset conditions: ready is true, and
// serving equals ready.
func is(endpoint map[string]any, condition string, unstated bool) bool {
	value, stated, _ := unstructured.NestedBool(endpoint, "conditions", condition)
	if !stated {
		return unstated
	}
	return value
}
