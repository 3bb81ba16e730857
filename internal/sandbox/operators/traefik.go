package operators

import (
	_ "embed"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

const traefikModule = "github.com/traefik/traefik/v3"

var traefik = Operator{
	Name: operator.Traefik,
	Component: components.Component{
		Package:   "./cmd/traefik",
		Version:   components.Requirement{Module: traefikModule},
		Variables: []string{traefikModule + "/pkg/version.Version={version}"},
		Source: components.Source{
			Module: traefikModule,
			Added: map[string]string{
				// Its dashboard is compiled into this folder before a release, and embedded.
				"webui/static/index.html": "The sandbox builds no dashboard.\n",
				// Its go.mod replaces this module with a local folder that is not published. The two types are embedded, and empty
				// (https://github.com/traefik/traefik/tree/v3.7/pkg/config/dynamic/ext).
				"pkg/config/dynamic/ext/go.mod": "module github.com/traefik/traefik/dynamic/ext\n\ngo 1.24\n",
				"pkg/config/dynamic/ext/ext.go": "package ext\n\ntype (\n\tHTTP   struct{}\n\tRouter struct{}\n)\n",
			},
			Edits: traefikEdits,
		},
		Assets: components.Files{Module: traefikModule, Paths: []string{
			"docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml",
		}},
	},
	Program: controlplane.Program{
		Ports: []string{traefikHTTP, traefikHTTPS}, Health: "/ping", Scheme: "http",
		Arguments: traefikArguments,
		// Traefik's own configuration has no client certificates.
		Environment: traefikEnvironment,
		Settings:    traefikSettings,
		Manifests:   traefikManifests,
	},
}

const (
	traefikHTTP  = "traefik-web"
	traefikHTTPS = "traefik-websecure"
)

// traefikArguments name one configuration file, so that Traefik does not search the folders where a user's may be.
func traefikArguments(instance controlplane.Instance) []string {
	return []string{"--configFile=" + instance.SettingsFile}
}

func traefikEnvironment(instance controlplane.Instance) []string {
	return append(kubeconfigVariable(instance), podNetworkVariable(instance)...)
}

// fields is a part of a settings file.
type fields = map[string]any

// traefikSettings returns Traefik's configuration. The release decides what it watches, publishes and redirects; here
// it listens on loopback, with a certificate of its own for HTTPS. It sends requests to the API server only, and to a
// Service only when a request for that Service comes in.
func traefikSettings(instance controlplane.Instance) ([]byte, error) {
	told := operator.TraefikArgs{Namespaces: instance.IngressNamespaces, IngressClass: ingress.Traefik}.Settings()
	return yaml.Marshal(fields{
		"global":      fields{"checkNewVersion": false, "sendAnonymousUsage": false},
		"log":         fields{"noColor": true},
		"entryPoints": traefikEntryPoints(instance, told.PlainHTTP),
		"ping":        fields{"entryPoint": string(operator.Traefik)},
		// On the entry point traefik: the parsed routes.
		"api": fields{"insecure": true, "dashboard": false},
		"providers": fields{
			"kubernetesIngress": fields{
				"ingressClass": told.IngressClass, "namespaces": told.IngressNamespaces,
				"ingressEndpoint":      fields{"publishedService": told.PublishedService},
				"strictPrefixMatching": told.StrictPrefixMatching,
			},
			"kubernetesCRD": fields{"ingressClass": told.IngressClass, "namespaces": told.KindNamespaces},
		},
	})
}

func traefikEntryPoints(instance controlplane.Instance, plain operator.PlainHTTP) fields {
	return fields{
		operator.EntryPointHTTP: fields{
			"address": instance.Address(traefikHTTP), "allowACMEByPass": plain.AllowACMEByPass,
			"http": fields{"redirections": fields{"entryPoint": fields{
				"to": plain.To, "scheme": plain.Scheme, "permanent": plain.Permanent,
			}}},
		},
		operator.EntryPointHTTPS: fields{
			"address": instance.Address(traefikHTTPS), "http": fields{"tls": fields{}},
		},
		string(operator.Traefik): fields{"address": instance.Address(string(operator.Traefik))},
	}
}

const (
	acmeProvider    = "pkg/provider/acme/provider.go"
	basicAuth       = "github.com/containous/go-http-auth "
	basicAuthPinned = basicAuth + "v0.4.1-0.20260804094822-b975dcaa8c48"
	basicAuthBuilt  = basicAuth + "v0.4.1-0.20200324110947-a37a7636d23e"
)

// traefikEdits remove the two hundred DNS providers for ACME challenges, some of which cannot be downloaded everywhere.
// Neither can the newest fork of the basic authentication module; the previous one is in the checksum database with the
// same go.mod.
var traefikEdits = []components.Edit{
	{Path: acmeProvider, Old: `"github.com/go-acme/lego/v5/providers/dns"`, New: ""},
	{
		Path: acmeProvider, Old: "dns.NewDNSChallengeProviderByName(p.DNSChallenge.Provider)",
		New: `nil, errors.New("the sandbox builds no DNS provider")`,
	},
	{Path: "go.mod", Old: basicAuthPinned, New: basicAuthBuilt},
	{Path: "go.sum", Old: basicAuthPinned + "/go.mod", New: basicAuthBuilt + "/go.mod"},
	{
		Path: "go.sum", Old: basicAuthPinned + " h1:zvriB/VtwWvyNjuyIZgYDzvdNrnXYT0rXSN3WNgDzqg=",
		New: basicAuthBuilt + " h1:D+uTEzDZc1Fhmd0Pq06c+O9+KkAyExw0eVmu/NOqaHU=",
	},
}

//go:embed traefik.yaml
var traefikManifests []byte
