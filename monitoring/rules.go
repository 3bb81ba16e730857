package monitoring

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/monitoring/alert"
	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/monitoring/objective"
	"github.com/dreamseed/platform/monitoring/rule"
)

// rules returns the rule files by name: one for the objectives of the services, one for the platform.
func (b *builder) rules() (map[string]string, error) {
	files := map[string]rule.File{
		"objectives.yml": {Groups: b.objectives()},
		"platform.yml":   {Groups: alert.Groups(b.alerts())},
	}
	texts := map[string]string{}
	for name, file := range files {
		text, err := file.Marshal()
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
		texts[name] = text
	}
	return texts, nil
}

func (b *builder) objectives() []rule.Group {
	var groups []rule.Group
	for _, service := range b.args.Services {
		groups = append(groups, objective.Service{
			Namespace: b.args.ServicesNamespace, Workload: service.Workload(), Objectives: service.Objectives,
		}.Groups()...)
	}
	return groups
}

func (b *builder) alerts() alert.Environment {
	of := alert.Environment{
		ServicesNamespace: b.args.ServicesNamespace, MonitoringNamespace: b.args.Namespace,
		SeriesLimit: b.series(),
	}
	of.Logs, of.Stores = b.logs(), b.args.Stores.alerts()
	for _, service := range b.args.Services {
		of.Workloads = append(of.Workloads, service.Workload())
	}
	for _, one := range ScrapeArgs(b.args).Operators {
		of.Operators = append(of.Operators, one.Name)
	}
	return of
}

// logs returns what keeps the services' lines, as alerts and dashboards see it.
func (b *builder) logs() alert.Logs {
	logs := alert.Logs{Pods: b.args.Logs.Pods(), Replicas: len(b.args.Logs.Volumes())}
	for _, one := range ScrapeArgs(b.args).Logs {
		logs.Jobs = append(logs.Jobs, one.Job)
	}
	return logs
}

func (b *builder) dashboards() ([]dashboard.Dashboard, error) {
	args := dashboard.Args{
		ServicesNamespace: b.args.ServicesNamespace, MonitoringNamespace: b.args.Namespace,
	}
	args.Logs = dashboard.Logs{Jobs: b.logs().Jobs, Claims: b.args.Logs.Claims()}
	args.Stores = b.args.Stores.dashboard()
	for _, one := range b.args.Operators { // each once, however many releases it has
		if name := string(one.Name); one.MetricsPort != 0 && !slices.Contains(args.Operators, name) {
			args.Operators = append(args.Operators, name)
		}
	}
	for _, service := range b.args.Services {
		args.Services = append(args.Services, dashboard.Service{
			Workload: service.Workload(), Objectives: service.Objectives,
			MinReplicas: service.Autoscaling.MinReplicas, MaxReplicas: service.Autoscaling.MaxReplicas,
			RequestsPerSecond: service.Autoscaling.RequestsPerSecond,
		})
	}
	return dashboard.All(args)
}
