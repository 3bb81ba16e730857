package testbed

import (
	"maps"
	"slices"
)

// Parts reduces the tracked configuration to the parts that a testbed has.
type Parts func(Configuration)

// Everything keeps the tracked configuration whole.
func Everything(Configuration) {}

// ServicesAlone keeps the sections that the services cannot do without. Whatever else the tracked stack has would run
// once more for each such testbed, on the same machine, and answer no question that is asked there.
func ServicesAlone(c Configuration) {
	ServicesWithStores(c)
	DatabasesElsewhere(c)
}

// ServicesWithStores keeps, beside the services, their data stores.
func ServicesWithStores(c Configuration) {
	maps.DeleteFunc(c, func(key string, _ any) bool { return !slices.Contains(sectionsOfServices, key) })
	WatchedElsewhere(c)
}

// DatabasesElsewhere leaves the services nothing but their databases, which somebody else runs.
func DatabasesElsewhere(c Configuration) {
	c["dreamseed:data"] = map[string]any{
		"postgres": map[string]any{"mode": "external", "external": map[string]any{"cidr": "10.30.0.0/20", "port": 5432}},
	}
	for name := range c["dreamseed:services"].(map[string]any) {
		Service(c, name)["needs"] = map[string]any{
			"redis": false, "produces": []any{}, "consumes": []any{}, "buckets": []any{},
		}
	}
}

// WatchedElsewhere keeps all but the monitoring, which somebody else does.
func WatchedElsewhere(c Configuration) {
	c["dreamseed:monitoring"] = map[string]any{"prometheus": "present", "url": "http://prometheus.elsewhere:9090"}
}

var sectionsOfServices = []string{
	"dreamseed:environment", "dreamseed:cluster", "dreamseed:services", "dreamseed:data", "dreamseed:secrets",
	"dreamseed:egress", "dreamseed:logLevel", "dreamseed:logs", "dreamseed:rolloutDeadlineSeconds",
}
