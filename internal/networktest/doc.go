// Package networktest evaluates NetworkPolicies the way the engine of each cloud does. The same policy may allow a
// connection on one cloud and drop it on another, because the engines differ in two points: whether an address is
// translated before the policy applies, and whether an ipBlock can match a pod or a node.
//
// It is a simulator, because no such engine runs without nodes. It follows the engines' documentation; each rule names
// its source.
package networktest
