package monitoring

import "github.com/dreamseed/platform/internal/sandbox/components"

// nodeExporter reports about the machine that the sandbox runs on: every simulated node has the same values.
var nodeExporter = []components.Component{{
	Name: "node_exporter", Package: ".",
	Source: components.Source{Module: "github.com/prometheus/node_exporter"},
}}
