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

// collectorModule is the folder of the module that pins the parts of the collector.
const collectorModule = "tools/collector"

// Logs returns the programs of a stack that keeps what its services log in VictoriaLogs.
func Logs() []components.Component {
	return []components.Component{
		{
			Name: VictoriaLogs, Module: components.OperatorsModule, Package: "./app/victoria-logs",
			Source:    components.Source{Module: victoriaLogsModule},
			Version:   components.Requirement{Folder: components.OperatorsModule, Module: victoriaLogsModule},
			Variables: []string{"github.com/VictoriaMetrics/VictoriaMetrics/lib/buildinfo.Version=victoria-logs-{version}"},
		},
		{
			// It is no distribution of others, but the components that the deployed one has, too, put together as its makers do.
			Name: Collector, Module: collectorModule, Package: ".",
			Version:   components.Requirement{Folder: collectorModule, Module: "go.opentelemetry.io/collector/otelcol"},
			Variables: []string{"main.version={version}"},
			Changed:   components.Source{Module: "go.opentelemetry.io/contrib/otelconf", Edits: detectsNoCloud},
		},
		{
			Name: CRILogger, Module: collectorModule, Package: "./crilogger",
			Version: components.Requirement{Folder: collectorModule, Module: "github.com/containerd/containerd"},
		},
	}
}

const victoriaLogsModule = "github.com/VictoriaMetrics/VictoriaLogs"

// detectsNoCloud removes the detection of the machine that the collector's own metrics come from. No configuration here
// asks for it, and it takes the SDKs of two clouds.
var detectsNoCloud = []components.Edit{
	{
		Path: "x/resource.go",
		Old: `	ec2detector "go.opentelemetry.io/contrib/detectors/aws/ec2/v2"
	ecsdetector "go.opentelemetry.io/contrib/detectors/aws/ecs"
	eksdetector "go.opentelemetry.io/contrib/detectors/aws/eks"
	azurevmdetector "go.opentelemetry.io/contrib/detectors/azure/azurevm"
	gcpdetector "go.opentelemetry.io/contrib/detectors/gcp"
`,
	},
	{
		Path: "x/resource.go",
		Old: `		if d.AWSEC2 != nil {
			opts = append(opts, resource.WithDetectors(ec2detector.NewResourceDetector()))
		}
		if d.AWSECS != nil {
			opts = append(opts, resource.WithDetectors(ecsdetector.NewResourceDetector()))
		}
		if d.AWSEKS != nil {
			opts = append(opts, resource.WithDetectors(eksdetector.NewResourceDetector()))
		}
		if d.AzureVM != nil {
			opts = append(opts, resource.WithDetectors(azurevmdetector.New()))
		}
		if d.GCP != nil {
			opts = append(opts, resource.WithDetectors(gcpdetector.NewDetector()))
		}
`,
	},
}
