package controlplane

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// Client rate limits for an operator that keeps up with the tests and the engine.
const (
	requestsPerSecond = "200"
	requestBurst      = "400"
)

// rollouts returns the arguments of Argo Rollouts. It is built to listen on loopback: there is no flag for that.
func (p plan) rollouts() []string {
	return []string{
		"--kubeconfig=" + p.kubeconfig(argoRollouts),
		"--leader-elect=false",
		"--healthzPort=" + p.port(argoRollouts),
		"--metricsport=" + p.port(rolloutsMetrics),
		"--qps=" + requestsPerSecond,
		"--burst=" + requestBurst,
	}
}

// externalSecrets returns the arguments of External Secrets. It handles the kinds that the platform uses, as its
// release does.
func (p plan) externalSecrets() []string {
	return []string{
		"--live-addr=" + address(p.ports[externalSecrets]),
		"--metrics-addr=" + address(p.ports[externalMetrics]),
		"--enable-cluster-external-secret-reconciler=false",
		"--enable-cluster-push-secret-reconciler=false",
		"--enable-cluster-store-reconciler=false",
		"--enable-push-secret-reconciler=false",
		"--concurrent=8",
		"--client-qps=" + requestsPerSecond,
		"--client-burst=" + requestBurst,
	}
}

func (p plan) externalSecretsEnvironment() []string {
	return []string{"KUBECONFIG=" + p.kubeconfig(externalSecrets)}
}

// sealedSecrets returns the arguments of Sealed Secrets' controller. It watches every namespace: the environment's is
// created after it starts.
func (p plan) sealedSecrets() []string {
	return []string{
		"--listen-addr=" + address(p.ports[sealedSecrets]),
		"--listen-metrics-addr=" + address(p.ports[sealedMetrics]),
	}
}

// sealedSecretsEnvironment also names the namespace that the controller keeps its keys in.
func (p plan) sealedSecretsEnvironment() []string {
	return []string{"KUBECONFIG=" + p.kubeconfig(sealedSecrets), "POD_NAMESPACE=" + sealedSecrets}
}

// traefik returns the arguments of Traefik: one configuration file, so that it does not search the folders where a
// user's may be.
func (p plan) traefik() []string { return []string{"--configFile=" + p.stack.Traefik()} }

// traefikEnvironment sets the kubeconfig: Traefik's own configuration has no client certificates.
func (p plan) traefikEnvironment() []string { return []string{"KUBECONFIG=" + p.kubeconfig(traefik)} }

func (p plan) metricsServer() []string {
	return []string{
		"--bind-address=" + loopback,
		"--secure-port=" + p.port(metricsServer),
		"--tls-cert-file=" + p.pki.cert("metrics-server-server"),
		"--tls-private-key-file=" + p.pki.key("metrics-server-server"),
		"--kubeconfig=" + p.kubeconfig(metricsServer),
		"--authentication-kubeconfig=" + p.kubeconfig(metricsServer),
		"--authorization-kubeconfig=" + p.kubeconfig(metricsServer),
		"--kubelet-preferred-address-types=InternalIP",
		"--kubelet-use-node-status-port",
		"--kubelet-certificate-authority=" + p.pki.cert(clusterAuthority),
		"--metric-resolution=10s", // its minimum, which has to be longer than the next
		"--kubelet-request-timeout=5s",
	}
}

// ingressClass is the class of the Ingresses that Traefik serves.
const ingressClass = "traefik"

// fields is a part of a settings file.
type fields = map[string]any

// traefikSettings returns Traefik's configuration. The release decides what it watches, publishes and redirects; here
// it listens on loopback, with a certificate of its own for HTTPS. It sends requests to the API server only, and to a
// Service only when a request for that Service comes in.
func (p plan) traefikSettings() fields {
	told := (&operator.ReleaseArgs{
		Operator: operator.Traefik, Namespace: p.simulation.Namespace, IngressClass: ingressClass,
	}).Traefik()
	return fields{
		"global":      fields{"checkNewVersion": false, "sendAnonymousUsage": false},
		"log":         fields{"noColor": true},
		"entryPoints": p.traefikEntryPoints(told.PlainHTTP),
		"ping":        fields{"entryPoint": traefik},
		"api":         fields{"insecure": true, "dashboard": false}, // on the entry point traefik: the parsed routes
		"providers": fields{
			"kubernetesIngress": fields{
				"ingressClass": told.IngressClass, "namespaces": told.IngressNamespaces,
				"ingressEndpoint":      fields{"publishedService": told.PublishedService},
				"strictPrefixMatching": told.StrictPrefixMatching,
			},
			"kubernetesCRD": fields{"ingressClass": told.IngressClass, "namespaces": told.KindNamespaces},
		},
	}
}

func (p plan) traefikEntryPoints(plain operator.PlainHTTP) fields {
	return fields{
		operator.EntryPointHTTP: fields{
			"address": address(p.ports[traefikWeb]), "allowACMEByPass": plain.AllowACMEByPass,
			"http": fields{"redirections": fields{"entryPoint": fields{
				"to": plain.To, "scheme": plain.Scheme, "permanent": plain.Permanent,
			}}},
		},
		operator.EntryPointHTTPS: fields{
			"address": address(p.ports[traefikSecure]), "http": fields{"tls": fields{}},
		},
		traefik: fields{"address": address(p.ports[traefik])},
	}
}

func (p plan) writeTraefikSettings() error {
	data, err := yaml.Marshal(p.traefikSettings())
	if err != nil {
		return fmt.Errorf("writing the settings of Traefik: %w", err)
	}
	return privatefile.Write(p.stack.Traefik(), data)
}
