package ingress

import "slices"

// Spec describes how user requests reach the services.
type Spec struct {
	// Host is the DNS name of the environment. Default cluster.dns.host, which is the only allowed value in a cloud. With
	// an existing cluster it is empty by default: such a stack has no ingress.
	Host string `json:"host"`
	// ClassName is the class of the Ingress objects. Default traefik. Any other class needs a controller that is already
	// installed; the platform does not know its rate limits.
	ClassName string `json:"className"`
	// ControllerNamespace is the namespace of the controller's pods, which may reach the services. Default traefik.
	ControllerNamespace string `json:"controllerNamespace"`
	// Issuer signs the certificate. Default letsEncrypt.
	Issuer Issuer `json:"issuer"`
	// Routes lead to services by the longest prefix of the path. Default one for each of the seven. A change applies at
	// once.
	Routes []Route `json:"routes"`
}

// Route routes the requests below a path to a service.
type Route struct {
	// Path begins with /api/, for example /api/auth.
	Path string `json:"path"`
	// Service is the name of a service in the catalogue.
	Service string `json:"service"`
	// RequestsPerSecond is the average request rate allowed per address, and Burst the number of requests at once; further
	// requests get 429. 0 for no limit. The default routes have 100 and 200, where the class is traefik.
	RequestsPerSecond int `json:"requestsPerSecond"`
	Burst             int `json:"burst"`
}

// Issuer signs the certificate of the host.
type Issuer string

// The issuers. Let's Encrypt verifies the host itself (ACME HTTP-01), so the host has to be reachable; its staging
// environment has generous limits and signs certificates that no browser trusts
// (https://letsencrypt.org/docs/staging-environment).
const (
	LetsEncrypt        Issuer = "letsEncrypt"
	LetsEncryptStaging Issuer = "letsEncryptStaging"
	SelfSigned         Issuer = "selfSigned"
)

// Issuers returns the allowed values.
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

// Default returns the defaults of an ingress, except for the host and the routes, which depend on the rest of the
// configuration.
func Default() Spec {
	return Spec{ClassName: Traefik, ControllerNamespace: Traefik, Issuer: LetsEncrypt}
}
