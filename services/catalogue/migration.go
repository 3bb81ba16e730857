package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
)

// Migration bounds the pod that migrates a service's database. A change applies to the next image, and to the retry of
// a failed migration.
type Migration struct {
	// Resources are the requests and limits of the pod. Default 100m/256Mi and 500m/512Mi: it waits for the database most
	// of the time.
	Resources Resources `json:"resources"`
	// DeadlineSeconds is how long the migration may take before it fails, and the release with it. Default
	// dreamseed:rolloutDeadlineSeconds. The rollout that follows has its own deadline.
	DeadlineSeconds int `json:"deadlineSeconds"`
}

// DefaultDeadlineSeconds is the default deadline of a release, and of the migration before it.
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

// validate excludes spot pools: a migration never runs on spot capacity, because losing it halfway helps nobody.
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
