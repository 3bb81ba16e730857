package main

import "time"

// Limits of waiting: neither is a measurement.
const (
	waitLimit = time.Minute
	poll      = 10 * time.Millisecond
)
