package catalogue

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/availability"
)

// Surroundings describes the rest of the environment, against which a service is checked.
type Surroundings struct {
	// Image is the environment's rule for images, such as CheckReference or CheckPinned.
	Image func(string) error
	// Place describes where pods can run.
	Place availability.Place
	// Pools are the node pools, described as far as the size of pods depends on them. Empty if nothing is known of them.
	Pools []Pool
	// Closed are the ranges that no declared destination opens.
	Closed []Closed
	// CountedRequests reports whether a Prometheus counts the requests of pods.
	CountedRequests bool
	// DeadlineSeconds is how long a release may take.
	DeadlineSeconds int
	// Sealing checks sealed values. Nil if the environment has none.
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
	s.validateFit(key, within, &problems)
	s.Migration.validate(key+".migration", within, &problems)
	if !s.LogLevel.Known() {
		problems.Add(key+".logLevel", string(s.LogLevel), "%s", invalid.OneOf(LogLevels()))
	}
	s.Objectives.Validate(key+".objectives", &problems)
	s.validateConfig(key+".config", &problems)
	s.validateSecrets(key+".secrets", within, &problems)
	for i, egress := range s.Egress {
		egress.Validate(fmt.Sprintf("%s.egress[%d]", key, i), within.Closed, &problems)
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

// maxConfigBytes is the API server's limit for a ConfigMap, less the variables that the platform adds (MaxSecretSize in
// https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/apis/core/types.go).
const maxConfigBytes = 1<<20 - 4<<10

func (s Service) validateConfig(key string, problems *invalid.Problems) {
	bytes := 0
	for _, name := range slices.Sorted(maps.Keys(s.Config)) {
		if len(validation.IsConfigMapKey(name)) > 0 {
			problems.Add(key, name, "must have keys of letters, digits, '-', '_' and '.': each becomes a file")
		}
		if IsEnvironmentVariable(name) {
			problems.Add(key, name, "must not be set here: the platform sets it for every service")
		}
		if HoldsCredential(s.Config[name]) {
			problems.AddSecret(key+"."+name, "must hold no credentials, which a ConfigMap shows to many: make it one of the "+
				"service's secrets (services.%s.secrets)", s.Name)
		}
		bytes += len(name) + len(s.Config[name])
	}
	if bytes > maxConfigBytes {
		problems.Add(key, fmt.Sprintf("%d bytes", bytes), "must have at most %d bytes, keys included", maxConfigBytes)
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
