package catalogue_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/availability"
	"github.com/dreamseed/platform/services/catalogue"
)

const digest = "@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

func TestImageRules(t *testing.T) {
	cases := map[string]struct {
		reason string
		image  string
		local  error
		pinned error
	}{
		"digest": {
			reason: "only it can never mean another content",
			image:  "registry.example.com/auth" + digest,
		},
		"port, path, tag and digest": {
			reason: "the digest decides, the tag is for people",
			image:  "localhost:5000/team/auth:1.4.2" + digest,
		},
		"tag": {
			reason: "it can be moved to another image",
			image:  "registry.example.com/auth:1.4.2",
			pinned: catalogue.ErrImageDigest,
		},
		"no tag": {
			reason: "it means latest",
			image:  "auth",
			pinned: catalogue.ErrImageDigest,
		},
		"latest": {
			reason: "nobody can tell what runs, or return to it",
			image:  "auth:latest",
			pinned: catalogue.ErrImageLatest,
		},
		"latest with a digest": {
			reason: "its name lies",
			image:  "auth:latest" + digest,
			pinned: catalogue.ErrImageLatest,
		},
		"port that looks like a tag": {
			reason: "the tag comes after the last slash",
			image:  "registry.example.com:443/auth",
			pinned: catalogue.ErrImageDigest,
		},
		"digest that is too short": {
			reason: "it is none",
			image:  "auth@sha256:44136f",
			local:  catalogue.ErrImageReference,
			pinned: catalogue.ErrImageReference,
		},
		"digest alone": {
			reason: "it reads as an image named sha256",
			image:  digest[1:],
			pinned: catalogue.ErrImageDigest,
		},
		"capitals": {
			reason: "no registry takes them",
			image:  "registry.example.com/Auth",
			local:  catalogue.ErrImageReference,
			pinned: catalogue.ErrImageReference,
		},
		"space": {
			reason: "it is no reference",
			image:  "auth :1",
			local:  catalogue.ErrImageReference,
			pinned: catalogue.ErrImageReference,
		},
		"protocol": {
			reason: "a reference has none",
			image:  "https://registry.example.com/auth",
			local:  catalogue.ErrImageReference,
			pinned: catalogue.ErrImageReference,
		},
		"template": {
			reason: "somebody forgot to fill it in",
			image:  "registry.example.com/auth:${TAG}",
			local:  catalogue.ErrImageReference,
			pinned: catalogue.ErrImageReference,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, catalogue.CheckReference(c.image), c.local, c.reason)
			require.ErrorIs(t, catalogue.CheckPinned(c.image), c.pinned, c.reason)
		})
	}
}

func valid() catalogue.Service {
	service, _ := catalogue.Lookup("auth")
	service.Image, service.LogLevel = "example.com/auth"+digest, "INFO"
	return service
}

func TestServiceRules(t *testing.T) {
	quantity := resource.MustParse
	cases := map[string]struct {
		reason string
		change func(*catalogue.Service)
		want   []string
	}{
		"valid": {
			reason: "every other case begins here",
			change: func(*catalogue.Service) {},
		},
		"no image": {
			reason: "nothing could run",
			change: func(s *catalogue.Service) { s.Image = "" },
			want:   []string{"services.auth.image"},
		},
		"image against the rule": {
			reason: "the environment's rule is asked",
			change: func(s *catalogue.Service) { s.Image = "auth" },
			want:   []string{"services.auth.image"},
		},
		"share of more than is requested": {
			reason: "the autoscaler could never keep it",
			change: func(s *catalogue.Service) { s.Autoscaling.CPUPercent, s.Autoscaling.MemoryPercent = 101, 0 },
			want:   []string{"services.auth.autoscaling.cpuPercent", "services.auth.autoscaling.memoryPercent"},
		},
		"requests that nothing counts": {
			reason: "a metric that cannot be read keeps the autoscaler from scaling down",
			change: func(s *catalogue.Service) { s.Autoscaling.RequestsPerSecond = 1000 },
			want:   []string{"services.auth.autoscaling.requestsPerSecond"},
		},
		"more pods than a minute makes": {
			reason: "3 pods are 6, 12, 24 and 48 after the four doublings of a minute",
			change: func(s *catalogue.Service) { s.Autoscaling.MaxReplicas = 49 },
			want:   []string{"services.auth.autoscaling.maxReplicas"},
		},
		"fewer requests than none": {
			reason: "it is no target",
			change: func(s *catalogue.Service) { s.Autoscaling.RequestsPerSecond = -1 },
			want:   []string{"services.auth.autoscaling.requestsPerSecond"},
		},
		"availability that cannot be": {
			reason: "the statement is checked as a whole",
			change: func(s *catalogue.Service) { s.Availability.Floor = 3 },
			want:   []string{"services.auth.availability.floor"},
		},
		"spot for a service that must not": {
			reason: "money and access depend on it",
			change: func(s *catalogue.Service) {
				s.Availability.Floor, s.Autoscaling.MinReplicas = 1, 4
				s.Spot = catalogue.Spot{Allowed: true, OnDemandFloor: 1}
			},
			want: []string{"services.auth.spot.allowed"},
		},
		"unknown strategy": {
			reason: "there are three",
			change: func(s *catalogue.Service) { s.Release.Strategy = "recreate" },
			want:   []string{"services.auth.release.strategy"},
		},
		"blue and green": {
			reason: "it needs nothing of the stack",
			change: func(s *catalogue.Service) { s.Release.Strategy = catalogue.BlueGreen },
		},
		"weights of another strategy": {
			reason: "they are without effect",
			change: func(s *catalogue.Service) { s.Release.Canary.Weights = []int{50, 25} },
		},
		"requests of nothing": {
			reason: "the scheduler would put it anywhere",
			change: func(s *catalogue.Service) {
				s.Resources.Requests = catalogue.Amounts{CPU: quantity("0"), Memory: quantity("-1")}
			},
			want: []string{"services.auth.resources.requests.cpu", "services.auth.resources.requests.memory"},
		},
		"limits below the requests": {
			reason: "the API server refuses it",
			change: func(s *catalogue.Service) {
				s.Resources.Limits = catalogue.Amounts{CPU: quantity("249m"), Memory: quantity("511Mi")}
			},
			want: []string{"services.auth.resources.limits.cpu", "services.auth.resources.limits.memory"},
		},
		"limits of the requests": {
			reason: "it is the guaranteed class",
			change: func(s *catalogue.Service) { s.Resources.Limits = s.Resources.Requests },
		},
		"unknown log level": {
			reason: "the logging library knows five",
			change: func(s *catalogue.Service) { s.LogLevel = "info" },
			want:   []string{"services.auth.logLevel"},
		},
		"entry that is no file name": {
			reason: "each becomes a file below /app/config",
			change: func(s *catalogue.Service) { s.Config = map[string]string{"../passwd": ""} },
			want:   []string{"services.auth.config"},
		},
		"entry of the platform": {
			reason: "it would contradict what every service is given",
			change: func(s *catalogue.Service) {
				s.Config = map[string]string{
					"ENVIRONMENT": "", "LOG_LEVEL": "", "OBJECT_STORAGE_BUCKET_MEDIA": "", "features.json": "{}",
				}
			},
			want: []string{"services.auth.config", "services.auth.config", "services.auth.config"},
		},
		"egress": {
			reason: "each destination is checked where it stands",
			change: func(s *catalogue.Service) {
				s.Egress = []catalogue.Egress{{CIDR: "10.0.0.0/8", Ports: []int{443}}, {CIDR: "any", Ports: []int{443}}}
			},
			want: []string{"services.auth.egress[1].cidr"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			service := valid()
			c.change(&service)
			assert.Equal(t, c.want, keys(t, service.Validate(surroundings())), c.reason)
		})
	}
}

// surroundings returns a stack with three zones, a node in each, and nothing that counts requests.
func surroundings() catalogue.Surroundings {
	return catalogue.Surroundings{
		Image: catalogue.CheckPinned,
		Place: availability.Place{
			Zones: 3, SpotGraceSeconds: 25,
			OnDemandPools: []availability.Pool{{MinNodes: 3}}, SpotPools: []availability.Pool{{MinNodes: 0}},
		},
		DeadlineSeconds: 240,
	}
}

func TestCanaryRules(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*catalogue.CanarySteps)
		want   []string
	}{
		"default": {
			reason: "every other case begins here",
			change: func(*catalogue.CanarySteps) {},
		},
		"no weights": {
			reason: "it would be no canary",
			change: func(c *catalogue.CanarySteps) { c.Weights = nil },
			want:   []string{"weights"},
		},
		"weights that do not increase": {
			reason: "the new version would be taken back between two steps",
			change: func(c *catalogue.CanarySteps) { c.Weights = []int{10, 10, 5, 50} },
			want:   []string{"weights[1]", "weights[2]"},
		},
		"weight of nothing and of everything": {
			reason: "neither is a share",
			change: func(c *catalogue.CanarySteps) { c.Weights = []int{0, 50, 100} },
			want:   []string{"weights[0]", "weights[2]"},
		},
		"steps of no time": {
			reason: "nothing could be seen",
			change: func(c *catalogue.CanarySteps) { c.StepSeconds = 0 },
			want:   []string{"stepSeconds"},
		},
		"steps of half the deadline": {
			reason: "the pods have the other half",
			change: func(c *catalogue.CanarySteps) { c.StepSeconds = 60 },
		},
		"steps of more than half the deadline": {
			reason: "no release would end in time",
			change: func(c *catalogue.CanarySteps) { c.StepSeconds = 61 },
			want:   []string{"stepSeconds"},
		},
		"limits that are none": {
			reason: "everything would pass, or nothing",
			change: func(c *catalogue.CanarySteps) { c.MaxErrorPercent, c.MaxLatencyMilliseconds = 100, 0 },
			want:   []string{"maxErrorPercent", "maxLatencyMilliseconds"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			service := valid()
			service.Release.Strategy = catalogue.Canary
			c.change(&service.Release.Canary)
			var want []string
			for _, key := range c.want {
				want = append(want, "services.auth.release.canary."+key)
			}
			assert.Equal(t, want, keys(t, service.Validate(surroundings())), c.reason)
		})
	}
}

func TestRequestsAreNoTargetWhereNothingScales(t *testing.T) {
	service, within := valid(), surroundings()
	within.CountedRequests = true
	service.Autoscaling.MaxReplicas, service.Autoscaling.RequestsPerSecond = service.Autoscaling.MinReplicas, 1000
	assert.Equal(t, []string{"services.auth.autoscaling.requestsPerSecond"}, keys(t, service.Validate(within)))
}

func TestTheMaximumMayBeWhatAMinuteMakes(t *testing.T) {
	service := valid()
	service.Autoscaling.MaxReplicas = 16 * service.Autoscaling.MinReplicas
	assert.NoError(t, service.Validate(surroundings()))
}

func TestRequestsMayBeATargetWhereTheyAreCounted(t *testing.T) {
	service, within := valid(), surroundings()
	service.Autoscaling.RequestsPerSecond, within.CountedRequests = 1000, true
	assert.NoError(t, service.Validate(within))
}

func TestEgressRules(t *testing.T) {
	cases := map[string]struct {
		reason string
		egress catalogue.Egress
		want   []string
	}{
		"network": {
			reason: "this is what it is for",
			egress: catalogue.Egress{CIDR: "10.20.0.0/20", Ports: []int{1, 65535}},
		},
		"network of IPv6": {
			reason: "Kubernetes takes both",
			egress: catalogue.Egress{CIDR: "2001:db8::/32", Ports: []int{443}},
		},
		"one address": {
			reason: "it is the smallest network",
			egress: catalogue.Egress{CIDR: "10.20.0.7/32", Ports: []int{5432}},
		},
		"address without a length": {
			reason: "Kubernetes would refuse it",
			egress: catalogue.Egress{CIDR: "10.20.0.7", Ports: []int{5432}},
			want:   []string{"at.cidr"},
		},
		"host bits": {
			reason: "one of the two is a slip: the address or the length",
			egress: catalogue.Egress{CIDR: "10.20.0.7/20", Ports: []int{5432}},
			want:   []string{"at.cidr"},
		},
		"name": {
			reason: "a network policy knows none",
			egress: catalogue.Egress{CIDR: "db.example.com", Ports: []int{5432}},
			want:   []string{"at.cidr"},
		},
		"no ports": {
			reason: "Kubernetes would open all of them",
			egress: catalogue.Egress{CIDR: "10.20.0.0/20"},
			want:   []string{"at.ports"},
		},
		"ports that are none": {
			reason: "Kubernetes would refuse them",
			egress: catalogue.Egress{CIDR: "10.20.0.0/20", Ports: []int{0, 443, 65536}},
			want:   []string{"at.ports[0]", "at.ports[2]"},
		},
		"nothing": {
			reason: "everything is reported at once",
			want:   []string{"at.cidr", "at.ports"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var problems invalid.Problems
			c.egress.Validate("at", catalogue.CredentialServers(), &problems)
			assert.Equal(t, c.want, keys(t, problems.Err()), c.reason)
		})
	}
}

func keys(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var problems invalid.Problems
	require.ErrorAs(t, err, &problems)
	var found []string
	for _, problem := range problems {
		found = append(found, problem.Key)
	}
	return found
}
