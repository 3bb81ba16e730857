// Package enginetest holds the tests that run the platform for real: the program, the Pulumi engine and the official
// Kubernetes provider against the sandbox's control plane. It needs only the programs that `make up` builds for the
// stack local; tests that need further real programs are in package full. Both use package testbed.
package enginetest
