package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Ingress is how requests of users come to the services.
type Ingress struct {
	// Host is the DNS name of the environment. Default cluster.dns.host, and nothing else in a cloud. With an existing
	// cluster it is empty by default: such a stack has no ingress.
	Host string `json:"host"`
	// ClassName is the class of the Ingress objects. Default traefik. Another one is a controller that somebody else
	// installed: of its rate limits nothing is known here.
	ClassName string `json:"className"`
	// ControllerNamespace is where the controller's pods are, which are let in to the services. Default traefik.
	ControllerNamespace string `json:"controllerNamespace"`
	// Issuer is who signs the certificate. Default letsEncrypt.
	Issuer Issuer `json:"issuer"`
	// Routes lead to services by the longest prefix of the path. Default one for each of the seven. A change applies at
	// once.
	Routes []Route `json:"routes"`
}

// Route leads the requests below a path to a service.
type Route struct {
	// Path begins with /api/, for example /api/auth.
	Path string `json:"path"`
	// Service is a name of the catalogue.
	Service string `json:"service"`
	// RequestsPerSecond is how many requests one address may make on average, and Burst how many at once; 429 answers the
	// others. 0 for no limit. The default routes have 100 and 200, where the class is traefik.
	RequestsPerSecond int `json:"requestsPerSecond"`
	Burst             int `json:"burst"`
}

// Issuer signs the certificate of the host.
type Issuer string

// The issuers. Let's Encrypt asks the host itself for a proof (ACME HTTP-01), so it has to be reachable; its staging
// environment has generous limits and signs what no browser trusts (https://letsencrypt.org/docs/staging-environment).
const (
	LetsEncrypt        Issuer = "letsEncrypt"
	LetsEncryptStaging Issuer = "letsEncryptStaging"
	SelfSigned         Issuer = "selfSigned"
)

// Issuers lists the allowed values.
func Issuers() []Issuer { return []Issuer{LetsEncrypt, LetsEncryptStaging, SelfSigned} }

// Traefik is the class, and the namespace, of the controller that the platform knows.
const Traefik = "traefik"

// Enabled says whether the stack has an ingress.
func (i Ingress) Enabled() bool { return i.Host != "" }

// seedRoutes are the paths of the seven services.
var seedRoutes = []Route{
	{Path: "/api/ai-tutor", Service: "ai-tutor"},
	{Path: "/api/analytics", Service: "analytics"},
	{Path: "/api/assessments", Service: "assessment"},
	{Path: "/api/auth", Service: "auth"},
	{Path: "/api/content", Service: "content"},
	{Path: "/api/payments", Service: "payment"},
	{Path: "/api/users", Service: "user"},
}

// defaultIngress fills in what depends on the rest of the configuration.
func (c *Config) defaultIngress() {
	if c.Ingress.Host == "" && c.Cluster.Cloud.Managed() {
		c.Ingress.Host = c.Cluster.DNS.Host
	}
	if c.Ingress.Routes == nil {
		c.Ingress.Routes = defaultRoutes(c.Ingress.ClassName)
	}
}

// defaultRoutes have limits where it is known how to set them.
func defaultRoutes(class string) []Route {
	routes := slices.Clone(seedRoutes)
	for i := range routes {
		if class == Traefik {
			routes[i].RequestsPerSecond, routes[i].Burst = 100, 200
		}
	}
	return routes
}

func (c *Config) validateIngress(problems *invalid.Problems) {
	ingress := c.Ingress
	switch managed := c.Cluster.Cloud.Managed(); {
	case ingress.Host == "" && !managed && !slices.Equal(ingress.Routes, defaultRoutes(ingress.ClassName)):
		problems.Add("ingress.host", nil, "must be given: without it there is no ingress, and so none of ingress.routes")
	case ingress.Host == "": // of the cluster's own name the cluster's rules speak
	case !cluster.IsHostname(ingress.Host):
		if !managed || ingress.Host != c.Cluster.DNS.Host { // of the cluster's own name the cluster's rules have spoken
			problems.Add("ingress.host", ingress.Host, "must be a DNS name such as learn.dreamseed.ai, no address")
		}
	case managed && ingress.Host != c.Cluster.DNS.Host:
		problems.Add("ingress.host", ingress.Host, "must be cluster.dns.host (%s): no other name leads here",
			c.Cluster.DNS.Host)
	}
	if len(validation.IsDNS1123Subdomain(ingress.ClassName)) > 0 {
		problems.Add("ingress.className", ingress.ClassName, "must be the name of an IngressClass")
	}
	switch installed := ingress.ClassName == Traefik && c.Operators == Helm; {
	case len(validation.IsDNS1123Label(ingress.ControllerNamespace)) > 0:
		problems.Add("ingress.controllerNamespace", ingress.ControllerNamespace, "must be the name of a namespace")
	case installed && ingress.ControllerNamespace != Traefik:
		problems.Add("ingress.controllerNamespace", ingress.ControllerNamespace,
			"must be %s, where the platform installs the controller (operators: %s)", Traefik, Helm)
	}
	if !slices.Contains(Issuers(), ingress.Issuer) {
		problems.Add("ingress.issuer", string(ingress.Issuer), "%s", invalid.OneOf(Issuers()))
	}
	ingress.validateRoutes(problems)
}

func (i Ingress) validateRoutes(problems *invalid.Problems) {
	first := map[string]int{}
	for at, route := range i.Routes {
		key := fmt.Sprintf("ingress.routes[%d]", at)
		route.validate(key, i.ClassName, problems)
		if before, taken := first[route.Path]; taken {
			problems.Add(key+".path", route.Path, "must not be that of ingress.routes[%d] (%s): a path leads to one service",
				before, i.Routes[before].Service)
			continue
		}
		first[route.Path] = at
	}
}

var routePath = regexp.MustCompile(`^/api(/[a-z0-9]+(-[a-z0-9]+)*)+$`)

func (r Route) validate(key, class string, problems *invalid.Problems) {
	if !routePath.MatchString(r.Path) {
		problems.Add(key+".path", r.Path, "must begin with /api/, such as /api/auth, in small letters, digits and hyphens")
	}
	switch _, known := catalogue.Lookup(r.Service); {
	case r.Service == "":
		problems.Add(key+".service", nil, "must name the service that the path leads to: %s",
			strings.Join(catalogue.Names(), ", "))
	case !known:
		problems.Add(key+".service", r.Service, "must be one of %s", strings.Join(catalogue.Names(), ", "))
	}
	switch {
	case r.RequestsPerSecond < 0:
		problems.Add(key+".requestsPerSecond", r.RequestsPerSecond, "must be 0 or more")
	case r.RequestsPerSecond > 0 && class != Traefik:
		problems.Add(key+".requestsPerSecond", r.RequestsPerSecond,
			"must not be set for a controller of class %s: only what %s does is known here", class, Traefik)
	case r.RequestsPerSecond > 0 && r.Burst < 1:
		problems.Add(key+".burst", r.Burst, "must be 1 or more where requestsPerSecond is set")
	case r.RequestsPerSecond == 0 && r.Burst != 0:
		problems.Add(key+".burst", r.Burst, "must not be set without requestsPerSecond, whose limit it widens")
	}
}
