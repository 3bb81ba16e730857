package enginetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// hold is who has a stand, and what is known of what it holds.
type hold struct {
	test    sync.Mutex // held by one test from where it takes the stand to the end of its clean-up
	first   sync.Once  // the first up as tracked
	content content
}

type content int

const (
	nothing content = iota
	// asItIsTracked means that nobody changed anything since an up of the tracked configuration.
	asItIsTracked
	// anything is what a stand may hold after a change, or after a test that failed.
	anything
)

// atWork bounds how many stands work at the same time. Most of a run is waiting, but with all of them at once, two
// cores keep each waiting for longer than the tests are patient.
var atWork = make(chan struct{}, 5)

// taken makes the stand the test's own until the test has ended, however the one before it left the stand. The test
// runs beside those of other stands.
func (s *stand) taken(t *testing.T) *stand {
	t.Helper()
	t.Parallel()
	asked := time.Now()
	s.hold.test.Lock()
	atWork <- struct{}{}
	t.Logf("waited %.1fs for stand %s", time.Since(asked).Seconds(), s.stack.Name)
	t.Cleanup(func() {
		if t.Failed() {
			s.hold.content = anything
		}
		<-atWork
		s.hold.test.Unlock()
	})
	return s
}

// asTracked takes the stand with the tracked configuration deployed. Where that is known to be so already, nothing is
// run.
func (s *stand) asTracked(t *testing.T) {
	t.Helper()
	s.taken(t).seen(t).settle(t)
}

// emptied takes the stand with nothing deployed.
func (s *stand) emptied(t *testing.T) {
	t.Helper()
	s.taken(t)
	if s.hold.content == anything {
		s.up(t, tracked) // its control plane may not even run
	}
	if s.hold.content != nothing {
		s.destroy(t)
	}
}

// seen waits until the tracked configuration was deployed for the first time, and takes nothing. On a stand that no
// test changes, this is where it stays.
func (s *stand) seen(t *testing.T) *stand {
	t.Helper()
	s.hold.first.Do(func() { s.settle(t) })
	return s
}

func (s *stand) settle(t *testing.T) {
	t.Helper()
	if s.hold.content != asItIsTracked {
		s.up(t, tracked)
	}
}

// looking are the commands of kubectl that change nothing.
var looking = []string{"api-resources", "config", "get", "wait"}

// note marks what a run of kubectl may have changed.
func (h *hold) note(words []string) {
	if !slices.Contains(looking, words[0]) && !slices.Contains(words, "--dry-run=server") {
		h.content = anything
	}
}

func TestStandMayHoldAnythingOnceItWasMoreThanLookedAt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		words []string
		want  content
	}{
		"look":              {[]string{"get", "pods"}, asItIsTracked},
		"change":            {[]string{"delete", "pod", "get"}, anything},
		"change in theory":  {[]string{"create", "--dry-run=server"}, asItIsTracked},
		"unknown to change": {[]string{"rollout", "status"}, anything},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			h := hold{content: asItIsTracked}

			h.note(tt.words)

			assert.Equal(t, tt.want, h.content)
		})
	}
}

func TestStandMayHoldAnythingOnceItIsConfigured(t *testing.T) {
	box := newTestProject(t)
	box.hold.content = asItIsTracked

	assert.True(t, box.configure(t, tracked), "nothing differs from the tracked file")
	assert.Equal(t, anything, box.hold.content, "but it is not deployed yet")
	assert.False(t, box.configure(t, func(c configuration) { c["dreamseed:logLevel"] = "INFO" }))
}
