// Package networktest judges NetworkPolicies by what the engine of each cloud makes of them. One and the same policy
// lets a connection pass on one cloud and drops it on another, because the engines differ in two points: whether an
// address is translated before the policy is asked about it, and what an ipBlock means for a pod or a node.
//
// It is a simulator, because no such engine runs without nodes. Its rules are those that the engines' makers document;
// each says where.
package networktest
