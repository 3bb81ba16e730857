package main

import "time"

// Time limits for waiting: neither is a measurement.
const (
	waitLimit = time.Minute
	poll      = 10 * time.Millisecond
)
