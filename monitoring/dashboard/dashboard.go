// Package dashboard builds the dashboards of Grafana, from the services' declarations and the metric contract.
//
// They are written in the classic model, which Grafana reads from files
// (https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards). Each dashboard has a file in this
// package that describes it as rows of panels; their places on the grid follow from that.
package dashboard

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/objective"
)

// Datasource is the uid of the Prometheus datasource. Every query of every dashboard goes there.
const Datasource = "prometheus"

// Service is a service with a dashboard of its own.
type Service struct {
	// Workload is the label service of its series, and the name of its autoscaler.
	Workload   string
	Objectives objective.Objectives
	// MinReplicas and MaxReplicas are the bounds of its autoscaler.
	MinReplicas, MaxReplicas int
	// RequestsPerSecond is the target of its autoscaler for the requests of a pod. 0 if it has none.
	RequestsPerSecond int
}

// Args are the inputs of All.
type Args struct {
	// ServicesNamespace is the namespace of the services.
	ServicesNamespace string
	// MonitoringNamespace is the namespace of Prometheus, Alertmanager and Grafana.
	MonitoringNamespace string
	// Services are the services of the stack.
	Services []Service
	// Logs is what keeps the lines of the services. Without jobs there is no dashboard of them.
	Logs Logs
	// Stores are the data stores in the cluster. Without jobs there is no dashboard of them.
	Stores Stores
	// Operators are the names of the operators that are scraped; a scrape job has the name of its operator. Without any
	// there is no dashboard of operators. An operator that no panel shows is refused.
	Operators []string
}

// Dashboard is a file for Grafana to read.
type Dashboard struct {
	// UID identifies the dashboard in links. It stays the same when the dashboard changes.
	UID string
	// Title and Folder are what a user sees in the list of dashboards.
	Title, Folder string
	// JSON is the dashboard itself, without an envelope.
	JSON []byte
}

// Folders of the dashboards.
const (
	servicesFolder = "Services"
	platformFolder = "Platform"
)

// All returns every dashboard: the overview, one for each service, and those of the platform.
func All(args Args) ([]Dashboard, error) {
	pages, err := args.pages()
	if err != nil {
		return nil, fmt.Errorf("describing the dashboards: %w", err)
	}
	var all []Dashboard
	for _, one := range pages {
		built, err := one.build()
		if err != nil {
			return nil, fmt.Errorf("building the dashboard %s: %w", one.uid, err)
		}
		all = append(all, built)
	}
	return all, nil
}

func (args Args) pages() ([]page, error) {
	pages := []page{args.overview()}
	for _, one := range args.Services {
		pages = append(pages, args.service(one))
	}
	pages = append(pages, nodes(), objects(), args.monitoring())
	if len(args.Logs.Jobs) > 0 {
		pages = append(pages, args.logs())
	}
	if len(args.Stores.Jobs) > 0 {
		pages = append(pages, args.stores())
	}
	if len(args.Operators) == 0 {
		return pages, nil
	}
	operators, err := operators(args.Operators)
	if err != nil {
		return nil, err
	}
	return append(pages, operators), nil
}

// objectives returns the service as its objectives know it.
func (args Args) objectives(of Service) objective.Service {
	return objective.Service{Namespace: args.ServicesNamespace, Workload: of.Workload, Objectives: of.Objectives}
}
