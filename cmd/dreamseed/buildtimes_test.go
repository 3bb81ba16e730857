package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/sandbox/components"
)

func TestBuildTimesAreShownWithTheirSum(t *testing.T) {
	shown := buildTimeTable([]components.Time{
		{Name: "etcd", Took: 10 * time.Second}, {Name: "kubectl", Took: 99 * time.Second},
	})

	for _, word := range []string{"etcd", "10s", "kubectl", "1m39s", "1m49s"} {
		assert.Contains(t, shown, word)
	}
}
