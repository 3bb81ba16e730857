// Package alerttest holds the alerts of an example environment, and their cases, for tests with and without promtool.
package alerttest

import (
	"github.com/dreamseed/platform/monitoring/alert"
	"github.com/dreamseed/platform/monitoring/objective"
	"github.com/dreamseed/platform/monitoring/rule"
	"github.com/dreamseed/platform/services/catalogue"
)

// Environment returns an environment with every service, every operator, every program of the logs and every data
// store that has alerts.
func Environment() alert.Environment {
	environment := alert.Environment{
		ServicesNamespace: "dreamseed-production", MonitoringNamespace: "dreamseed-monitoring",
		Operators: []string{"argo-rollouts", "cert-manager", "external-secrets", "keda", "sealed-secrets", "traefik"},
		Logs:      alert.Logs{Jobs: []string{"log-collector", "victoria-logs"}, Pods: "victoria-logs-a-.+", Replicas: 1},
		Stores: alert.Stores{
			Jobs:    []string{"postgres", "redis", "kafka", "kafka-exporter", "objects"},
			Backups: []string{"auth-backup", "content-backup"}, Drill: "postgres-restore-drill",
		},
		SeriesLimit: 200_000,
	}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		environment.Workloads = append(environment.Workloads, service.Workload())
	}
	return environment
}

// platform is the name of the rule file that is not of one service.
const platform = "platform.yaml"

// Files returns the rule files of the environment by name: one for the platform, and one for the objectives of each
// service.
func Files() map[string]rule.File {
	environment := Environment()
	files := map[string]rule.File{platform: {Groups: alert.Groups(environment)}}
	for _, workload := range environment.Workloads {
		objectives := objective.Service{
			Namespace: environment.ServicesNamespace, Workload: workload, Objectives: objective.Default(),
		}
		files[workload+".yaml"] = rule.File{Groups: objectives.Groups()}
	}
	return files
}

// Alerts returns the rules of all files that raise an alert.
func Alerts() []rule.Rule {
	var all []rule.Rule
	for _, file := range Files() {
		all = append(all, rule.Alerts(file.Groups)...)
	}
	return all
}
