// Package load describes how much the services of a sandbox are asked, and how they answer.
package load

import "time"

// Load is what a pod is asked, and how it answers.
type Load struct {
	// RequestsPerSecond is the rate of requests.
	RequestsPerSecond float64
	// ErrorShare is the share of requests that the pod answers with status 500, between 0 and 1.
	ErrorShare float64
	// Latency is the time that each answer takes.
	Latency time.Duration
}

// Rule is the load of the pods that have these labels. Without labels it is that of every pod.
type Rule struct {
	Labels map[string]string
	Load   Load
}
