package operators

import (
	_ "embed"
	"strings"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/cloudnativepg"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const (
	cloudNativePGModule = "github.com/cloudnative-pg/cloudnative-pg"
	// postgresModule is the folder of the module that pins it. The operator is compiled with the client libraries that the
	// control plane is compiled with, so that two thirds of its packages are compiled already.
	postgresModule = "tools/postgres"
)

// cloudNativePG is the controller. The pods that it makes are simulated, and instances answers for them.
var cloudNativePG = Operator{
	Name: operator.CloudNativePG,
	Component: components.Component{
		Module:  postgresModule,
		Package: cloudNativePGModule + "/cmd/manager",
		Version: components.Requirement{Module: cloudNativePGModule},
		Changed: cloudNativePGSource,
		// It does not start without all of its kinds.
		Assets: components.Files{Module: cloudNativePGModule, Paths: []string{
			"config/crd/bases/postgresql.cnpg.io_backups.yaml",
			"config/crd/bases/postgresql.cnpg.io_clusterimagecatalogs.yaml",
			"config/crd/bases/postgresql.cnpg.io_clusters.yaml",
			"config/crd/bases/postgresql.cnpg.io_databaseroles.yaml",
			"config/crd/bases/postgresql.cnpg.io_databases.yaml",
			"config/crd/bases/postgresql.cnpg.io_failoverquorums.yaml",
			"config/crd/bases/postgresql.cnpg.io_imagecatalogs.yaml",
			"config/crd/bases/postgresql.cnpg.io_poolers.yaml",
			"config/crd/bases/postgresql.cnpg.io_publications.yaml",
			"config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml",
			"config/crd/bases/postgresql.cnpg.io_subscriptions.yaml",
			"config/rbac/role.yaml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{cloudNativePGMetrics}, Health: "/readyz", Scheme: "https",
		Serving: true,
		// Those of the kinds that the platform makes.
		Webhooks: []controlplane.Webhook{
			cloudNativePGWebhook(controlplane.Mutating, "mcluster.cnpg.io", "cluster"),
			cloudNativePGWebhook(controlplane.Mutating, "mdatabase.cnpg.io", "database"),
			cloudNativePGWebhook(controlplane.Validating, "vcluster.cnpg.io", "cluster"),
			cloudNativePGWebhook(controlplane.Validating, "vdatabase.cnpg.io", "database"),
		},
		Arguments:   cloudNativePGArguments,
		Environment: cloudNativePGEnvironment,
		Manifests:   cloudNativePGManifests,
	},
}

const cloudNativePGMetrics = "cloudnative-pg-metrics"

func cloudNativePGWebhook(does controlplane.Admission, name, kind string) controlplane.Webhook {
	verb := map[controlplane.Admission]string{controlplane.Mutating: "mutate", controlplane.Validating: "validate"}[does]
	return controlplane.Webhook{
		Name: name, Does: does, Group: "postgresql.cnpg.io", Version: "v1", Resource: kind + "s",
		Path: "/" + verb + "-postgresql-cnpg-io-v1-" + kind,
	}
}

// cloudNativePGSource leaves out the parts of the program that run in pods.
var cloudNativePGSource = components.Source{
	Module: cloudNativePGModule,
	Cuts: []components.Cut{
		cut(managerMain, managerImport("backup"), managerImport("controller"), ""),
		cut(managerMain, managerImport("debug"), ")\n\nfunc main() {", ""),
		cut(managerMain, "\tcmd.AddCommand(backup.NewCmd())\n", "\tcmd.AddCommand(controller.NewCmd())\n", ""),
		cut(managerMain, "\tcmd.AddCommand(instance.NewCmd())\n", "\n\tif err := cmd.Execute()", ""),
	},
	Edits: []components.Edit{
		// It has a flag for this port, but none for its address.
		edit(managerController, "\t\t\tPort:    port,\n", "\t\t\tHost:    \"127.0.0.1\",\n\t\t\tPort:    port,\n"),
		// Its certificates lie beside those of the other programs.
		edit(managerController, `"apiserver.crt"`, `"cloudnative-pg-server.crt"`),
		edit(managerController, `"apiserver.key"`, `"cloudnative-pg-server.key"`),
		// In its image the program lies once for each architecture in a folder of the working directory.
		edit(managerDiscovery, `	return detectAvailableArchitectures("operator/manager_*")
`, `	executable, err := os.Executable()
	availableArchitectures = []*AvailableArchitecture{newAvailableArchitecture(runtime.GOARCH, executable)}
	return err
`),
		edit(managerDiscovery, "\t\"path/filepath\"\n\t\"regexp\"\n",
			"\t\"os\"\n\t\"path/filepath\"\n\t\"regexp\"\n\t\"runtime\"\n"),
		// The addresses of simulated pods are nobody's. The name tells which pod is meant; only the authority is verified.
		edit(managerClient, `				return tlsDialer.DialContext(ctx, network, addr)
`, `				pod, _, err := net.SplitHostPort(addr)
				if err != nil {
					return nil, err
				}
				tlsDialer.Config = tlsConfig.Clone()
				tlsDialer.Config.ServerName = pod + "`+cloudnativepg.PodDomain+`"
				return tlsDialer.DialContext(ctx, network, os.Getenv("`+instancesVariable+`"))
`),
		edit(managerClient, "\t\"net/http\"\n", "\t\"net/http\"\n\t\"os\"\n"),
		// The client libraries of the control plane have this package in another module.
		edit("pkg/utils/exec.go", `"k8s.io/streaming/pkg/httpstream"`, `"k8s.io/apimachinery/pkg/util/httpstream"`),
	},
}

const (
	managerMain       = "cmd/manager/main.go"
	managerController = "internal/cmd/manager/controller/controller.go"
	managerDiscovery  = "pkg/utils/discovery.go"
	managerClient     = "pkg/management/postgres/webserver/client/common/client.go"
)

func managerImport(command string) string {
	return "\t\"" + cloudNativePGModule + "/internal/cmd/manager/" + command + "\"\n"
}

// instancesVariable tells the controller where the instances answer.
const instancesVariable = "INSTANCES_ADDRESS"

func cloudNativePGArguments(instance controlplane.Instance) []string {
	return []string{
		"controller",
		"--webhook-port=" + instance.Port(string(operator.CloudNativePG)),
		"--metrics-bind-address=" + instance.Address(cloudNativePGMetrics),
	}
}

// cloudNativePGEnvironment limits the controller to the namespaces of the services, as its release does.
func cloudNativePGEnvironment(instance controlplane.Instance) []string {
	return append(kubeconfigVariable(instance),
		"WATCH_NAMESPACE="+strings.Join(instance.Namespaces, ","),
		"OPERATOR_NAMESPACE="+string(operator.CloudNativePG),
		"ENABLE_INSTANCE_MANAGER_INPLACE_UPDATES=true",
		"WEBHOOK_CERT_DIR="+instance.Certificates,
		instancesVariable+"="+instance.Address(instancesStatus),
	)
}

//go:embed cloudnativepg.yaml
var cloudNativePGManifests []byte

// instances is a stand-in for the program that watches PostgreSQL in each pod of a cluster: no PostgreSQL runs.
var instances = Operator{
	Name: operator.CloudNativePG,
	Component: components.Component{
		Name: "cloudnative-pg-instances", Module: ownModule, Package: "./internal/sandbox/cloudnativepg/instances",
	},
	Program: controlplane.Program{
		Ports: []string{instancesStatus}, Health: "/healthz", Scheme: "http",
		Arguments: instancesArguments,
		Manifests: cloudnativepg.Rights,
	},
}

const instancesStatus = "cloudnative-pg-instances-status"

func instancesArguments(instance controlplane.Instance) []string {
	return []string{
		"--kubeconfig=" + instance.Kubeconfig,
		"--health-addr=" + instance.Address("cloudnative-pg-instances"),
		"--status-addr=" + instance.Address(instancesStatus),
	}
}
