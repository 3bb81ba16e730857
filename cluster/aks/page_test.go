package aks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestThePageRegistersTheProvidersThatThePackageAsksFor(t *testing.T) {
	asked := mocktest.Words(t, "aks.go", "resource providers registered:", "The feature", `Microsoft\.([A-Za-z]+)`)
	assert.Equal(t, asked, mocktest.Words(t, "../../docs/clouds/aks.md", "for provider in", "; do", `([A-Za-z]+)`))
	assert.Contains(t, asked, "ContainerService", "that of AKS itself, at least")
}
