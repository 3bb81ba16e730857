// Package enginetest holds the tests that run the platform for real: the program, the Pulumi engine and the official
// Kubernetes provider against the sandbox's control plane. It needs nothing but what `make up` builds for the stack
// local; what needs further real programs is in package full. Both share what package stand has.
package enginetest
