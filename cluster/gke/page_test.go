package gke_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestThePageSwitchesOnTheServicesThatThePackageAsksFor(t *testing.T) {
	asked := mocktest.Words(t, "gke.go", "services enabled:", "(each", `([a-z]+)`)
	assert.Equal(t, asked,
		mocktest.Words(t, "../../docs/clouds/gke.md", "gcloud services enable", "```", `([a-z]+)\.googleapis\.com`))
	assert.Contains(t, asked, "container", "that of GKE itself, at least")
}
