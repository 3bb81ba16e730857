// Nothing is built in this module: it pins the modules of the operators that run in a sandbox, each of which is built
// from its own source with the versions that its own go.mod names.
module github.com/dreamseed/platform/tools/operators

go 1.26.0

require (
	github.com/argoproj/argo-rollouts v1.8.3
	github.com/bitnami-labs/sealed-secrets v0.30.0
	github.com/cert-manager/cert-manager v1.18.2
	github.com/external-secrets/external-secrets v0.19.2
	github.com/traefik/traefik/v3 v3.5.0
	sigs.k8s.io/metrics-server v0.7.2
)
