package monitoring

import "github.com/dreamseed/platform/internal/sandbox/components"

const (
	// Collector is the program that reads what services log.
	Collector = "collector"
	// VictoriaLogs is the program that keeps it.
	VictoriaLogs = "victoria-logs"
	// CRILogger writes files as containerd does. No pod has it: a test plays the runtime of a node with it.
	CRILogger = "crilogger"
)

// logsModule is the folder of the module that pins them.
const logsModule = "tools/logs"

// Logs returns the programs of a stack that keeps what its services log in VictoriaLogs.
func Logs() []components.Component {
	return []components.Component{
		{
			Name: VictoriaLogs, Module: logsModule, Package: "./app/victoria-logs",
			Source:    components.Source{Module: victoriaLogsModule},
			Version:   components.Requirement{Folder: logsModule, Module: victoriaLogsModule},
			Variables: []string{"github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version=victoria-logs-{version}"},
		},
		{
			// It is no distribution of others, but the components that the deployed one has, too, put together as its makers do.
			Name: Collector, Module: logsModule, Package: "./collector",
			Version:   components.Requirement{Folder: logsModule, Module: "go.opentelemetry.io/collector/otelcol"},
			Variables: []string{"main.version={version}"},
			Changed:   components.Source{Module: podsModule, Edits: knowsTheClient},
		},
		{
			Name: CRILogger, Module: logsModule, Package: "./crilogger",
			Version: components.Requirement{Folder: logsModule, Module: "github.com/containerd/containerd"},
		},
	}
}

const (
	victoriaLogsModule = "github.com/VictoriaMetrics/VictoriaLogs"
	podsModule         = "github.com/open-telemetry/opentelemetry-collector-contrib/processor/k8sattributesprocessor"
)

// knowsTheClient fits the module to the client library of Kubernetes that the other programs are compiled with, which
// has everything but a type of the stand-ins for its tests. Another version of that library would be compiled, too.
var knowsTheClient = []components.Edit{
	{
		Path: "internal/kube/fake_informer.go",
		Old:  "func (*FakeController) HasSyncedChecker() cache.DoneChecker {\n\treturn alreadyDone\n}\n",
	},
	{
		Path: "internal/kube/fake_informer.go",
		Old:  "func (*NoOpController) HasSyncedChecker() cache.DoneChecker {\n\treturn alreadyDone\n}\n",
	},
}
