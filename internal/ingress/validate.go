package ingress

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Validate adds every mistake that the specification alone shows. The rules for the host depend on the cluster and are
// in package config.
func (s Spec) Validate(problems *invalid.Problems) {
	if len(validation.IsDNS1123Subdomain(s.ClassName)) > 0 {
		problems.Add("ingress.className", s.ClassName, "must be the name of an IngressClass")
	}
	if len(validation.IsDNS1123Label(s.ControllerNamespace)) > 0 {
		problems.Add("ingress.controllerNamespace", s.ControllerNamespace, "must be the name of a namespace")
	}
	if !slices.Contains(Issuers(), s.Issuer) {
		problems.Add("ingress.issuer", string(s.Issuer), "%s", invalid.OneOf(Issuers()))
	}
	s.validateRoutes(problems)
}

func (s Spec) validateRoutes(problems *invalid.Problems) {
	first := map[string]int{}
	for at, route := range s.Routes {
		key := fmt.Sprintf("ingress.routes[%d]", at)
		route.validate(key, s.ClassName, problems)
		if before, taken := first[route.Path]; taken {
			problems.Add(key+".path", route.Path, "must not be that of ingress.routes[%d] (%s): a path leads to one service",
				before, s.Routes[before].Service)
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
