// Package enginetest holds the tests that run the platform for real: the program, the Pulumi engine and the official
// Kubernetes provider against the sandbox's control plane. They share a few sandboxes, called stands: the tests of one
// stand follow each other in any order, the stands work beside each other.
//
// kwok makes every pod ready, so readiness proves nothing here: a test of failure or order makes the simulation fail
// on purpose, and a test of a change looks at which objects the API server saw change.
//
// count/declared.txt names every test of this package. `make test` fails when one of them did not run.
package enginetest
