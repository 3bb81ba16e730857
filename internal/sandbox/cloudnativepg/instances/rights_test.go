package main

import (
	"testing"

	"github.com/dreamseed/platform/internal/sandbox/controller/controllertest"
)

func TestItMayWatchWhatItLooksAt(t *testing.T) {
	controllertest.AssertMayWatch(t, "../rights.yaml", watched())
}
