// Package cloudnativepg holds what the operator CloudNativePG and its stand-in instances have to agree on. The operator
// is the real one. It makes the pods of a cluster, which are simulated: no PostgreSQL runs, and nothing in a pod tells
// the operator how it is. One program, the stand-in, does that for all pods.
package cloudnativepg

import _ "embed"

// PodDomain is the end of the name by which the operator asks for a pod, after the pod's address. A real one asks the
// address itself.
const PodDomain = ".pod"

// Rights has the rights of the stand-in, in YAML.
//
//go:embed rights.yaml
var Rights []byte
