// This module builds nothing. It pins the modules of the operators and of the monitoring that run in a sandbox; each is built from its own
// source, with the versions in its own go.mod.
module github.com/dreamseed/platform/tools/operators

go 1.26.8

require (
	github.com/argoproj/argo-rollouts v1.10.1
	github.com/bitnami/sealed-secrets v0.40.0
	github.com/cert-manager/cert-manager v1.21.2
	github.com/external-secrets/external-secrets v0.20.4
	github.com/prometheus/alertmanager v0.35.0
	github.com/prometheus/node_exporter v1.12.1
	github.com/prometheus/prometheus v0.316.0
	github.com/traefik/traefik/v3 v3.7.13
	k8s.io/kube-state-metrics/v2 v2.15.0
	sigs.k8s.io/metrics-server v0.9.0
)
