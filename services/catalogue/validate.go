package catalogue

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/availability"
)

// Surroundings are what a service is checked against: the rest of the environment.
type Surroundings struct {
	// Image is the environment's rule for images: CheckReference or CheckPinned.
	Image func(string) error
	// Place is where pods can run.
	Place availability.Place
	// Prometheus says that there is one to ask about requests.
	Prometheus bool
	// CountedRequests says that the autoscaler can see how many requests pods get.
	CountedRequests bool
	// DeadlineSeconds is how long a release may take.
	DeadlineSeconds int
	// Sealing checks sealed values. Nil where the environment has none.
	Sealing *Sealing
}

// Validate returns every mistake of the service as invalid.Problems.
func (s Service) Validate(within Surroundings) error {
	var problems invalid.Problems
	key := "services." + s.Name
	s.validateImage(key+".image", within.Image, &problems)
	s.Autoscaling.validate(key+".autoscaling", within.CountedRequests, &problems)
	problems = append(problems, s.Statement().Check(key, within.Place)...)
	if s.Spot.Allowed && s.NeverSpot {
		problems.Add(key+".spot.allowed", true, "must be false: %s may never run on capacity that is taken back", s.Name)
	}
	s.Release.validate(key+".release", within, &problems)
	s.Resources.validate(key+".resources", &problems)
	if !s.LogLevel.Known() {
		problems.Add(key+".logLevel", string(s.LogLevel), "%s", invalid.OneOf(LogLevels()))
	}
	s.validateConfig(key+".config", &problems)
	s.validateSecrets(key+".secrets", within, &problems)
	for i, egress := range s.Egress {
		egress.Validate(fmt.Sprintf("%s.egress[%d]", key, i), &problems)
	}
	return problems.Err()
}

func (s Service) validateImage(key string, check func(string) error, problems *invalid.Problems) {
	if s.Image == "" {
		problems.Add(key, nil, "must name the image to run")
		return
	}
	if err := check(s.Image); err != nil {
		problems.Add(key, s.Image, "%v", err)
	}
}

func (s Service) validateConfig(key string, problems *invalid.Problems) {
	for _, name := range slices.Sorted(maps.Keys(s.Config)) {
		if len(validation.IsConfigMapKey(name)) > 0 {
			problems.Add(key, name, "must have keys of letters, digits, '-', '_' and '.': each becomes a file")
		}
		if slices.Contains(EnvironmentVariables(), name) {
			problems.Add(key, name, "must not be set here: the platform sets it for every service")
		}
	}
}

func (r Resources) validate(key string, problems *invalid.Problems) {
	validateAmount(key, "cpu", r.Requests.CPU, r.Limits.CPU, problems)
	validateAmount(key, "memory", r.Requests.Memory, r.Limits.Memory, problems)
}

func validateAmount(key, name string, request, limit resource.Quantity, problems *invalid.Problems) {
	if request.Sign() <= 0 {
		problems.Add(key+".requests."+name, request.String(), "must be above 0")
	}
	if limit.Cmp(request) < 0 {
		problems.Add(key+".limits."+name, limit.String(), "must not be below the request (%s)", request.String())
	}
}

// Validate adds the mistakes of a destination, found under the given key.
func (e Egress) Validate(key string, problems *invalid.Problems) {
	if prefix, err := netip.ParsePrefix(e.CIDR); err != nil || prefix != prefix.Masked() {
		problems.Add(key+".cidr", e.CIDR, "must be a network such as 10.20.0.0/24, without host bits")
	}
	if len(e.Ports) == 0 {
		problems.Add(key+".ports", nil, "must list the TCP ports that may be reached")
	}
	for i, port := range e.Ports {
		if port < 1 || port > 65535 {
			problems.Add(fmt.Sprintf("%s.ports[%d]", key, i), port, "must be a TCP port from 1 to 65535")
		}
	}
}
