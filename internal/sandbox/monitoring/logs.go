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
			Changed:   components.Source{Module: "go.opentelemetry.io/contrib/otelconf", Edits: detectsNoCloud},
		},
		{
			Name: CRILogger, Module: logsModule, Package: "./crilogger",
			Version: components.Requirement{Folder: logsModule, Module: "github.com/containerd/containerd"},
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
