package ingress

import "slices"

// Spec describes how requests of users reach the services.
type Spec struct {
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

// Enabled reports whether the stack has an ingress.
func (s Spec) Enabled() bool { return s.Host != "" }

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

// DefaultRoutes returns a route for each service, with a rate limit where the class is Traefik.
func DefaultRoutes(class string) []Route {
	routes := slices.Clone(seedRoutes)
	for i := range routes {
		if class == Traefik {
			routes[i].RequestsPerSecond, routes[i].Burst = 100, 200
		}
	}
	return routes
}

// Default returns what a stack has that says nothing about its ingress. The host and the routes depend on the rest of
// its configuration.
func Default() Spec {
	return Spec{ClassName: Traefik, ControllerNamespace: Traefik, Issuer: LetsEncrypt}
}
