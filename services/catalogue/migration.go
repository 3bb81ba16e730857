package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
)

// Migration is what the one pod may take that migrates a service's database. A change holds for the next image; a
// migration that failed is tried again with it.
type Migration struct {
	// Resources are what the pod requests and may use at most. Default 100m/256Mi and 500m/512Mi: it waits for the
	// database most of the time.
	Resources Resources `json:"resources"`
	// DeadlineSeconds is how long it may take before it fails, and the release with it. Default
	// dreamseed:rolloutDeadlineSeconds. The rollout that follows has its own time.
	DeadlineSeconds int `json:"deadlineSeconds"`
}

// DefaultDeadlineSeconds is how long a release, and a migration before it, may take by default.
const DefaultDeadlineSeconds = 240

func defaultMigration() Migration {
	return Migration{
		Resources: Resources{
			Requests: Amounts{CPU: resource.MustParse("100m"), Memory: resource.MustParse("256Mi")},
			Limits:   Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("512Mi")},
		},
		DeadlineSeconds: DefaultDeadlineSeconds,
	}
}

// validate knows that a migration never runs on spot capacity: losing it halfway would be no help to anybody.
func (m Migration) validate(key string, within Surroundings, problems *invalid.Problems) {
	before := len(*problems)
	m.Resources.validate(key+".resources", problems)
	misfit := m.Resources.Requests.misfit(key+".resources.requests", within.Pools, false)
	if len(*problems) == before && misfit != nil {
		*problems = append(*problems, *misfit)
	}
	if m.DeadlineSeconds < 1 {
		problems.Add(key+".deadlineSeconds", m.DeadlineSeconds, "must be 1 or more")
	}
}
