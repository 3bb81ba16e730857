package config

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/services/catalogue"
)

// defaults returns the default configuration; a given key replaces its value. Pulumi.yaml documents the same figures,
// and a test compares the two.
func defaults() *Config {
	return &Config{
		Cluster:                cluster.Spec{Protect: true, Images: images()},
		LogLevel:               "INFO",
		RolloutDeadlineSeconds: catalogue.DefaultDeadlineSeconds,
		Ingress:                ingress.Default(),
		Operators:              Helm,
		Secrets:                Secrets{Backend: ExternalSecrets, RefreshSeconds: 60},
		Quotas:                 Quotas{Monitoring: monitoringQuota()},
	}
}

// monitoringQuota has room for two Prometheus, three Alertmanagers, Grafana, the exporters and a log store.
func monitoringQuota() Quota {
	return Quota{
		Pods:     40,
		Requests: catalogue.Amounts{CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi")},
		Limits:   catalogue.Amounts{CPU: resource.MustParse("16"), Memory: resource.MustParse("48Gi")},
	}
}

// images returns the images of the seven services, named after their workloads.
func images() []string {
	var names []string
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		names = append(names, service.Workload())
	}
	return names
}
