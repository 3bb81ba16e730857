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
	maps.DeleteFunc(c, func(key string, _ any) bool { return !slices.Contains(sectionsOfServices, key) })
	WatchedElsewhere(c)
}

// WatchedElsewhere keeps all but the monitoring, which somebody else does.
func WatchedElsewhere(c Configuration) {
	c["dreamseed:monitoring"] = map[string]any{"prometheus": "present", "url": "http://prometheus.elsewhere:9090"}
}

var sectionsOfServices = []string{
	"dreamseed:environment", "dreamseed:cluster", "dreamseed:services", "dreamseed:secrets", "dreamseed:egress",
	"dreamseed:logLevel", "dreamseed:logs",
	"dreamseed:data", "dreamseed:rolloutDeadlineSeconds",
}
