// Package testbed provides the sandboxes of the engine tests, each of them a testbed that the tests of a package share.
// The tests of one testbed run one after the other in any order; the testbeds run in parallel. The two packages run one
// after the other.
//
// kwok makes every pod ready, so readiness proves nothing here: a test of failure or order makes the simulation fail on
// purpose, and a test of a change checks which objects changed on the API server.
package testbed
