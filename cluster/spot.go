package cluster

// Spot says how a workload comes onto interruptible nodes and how long it has to leave them.
type Spot struct {
	// Key and Value are both the label that spot nodes carry and the NoSchedule taint that keeps other pods off.
	Key   string
	Value string
	// GracePeriodSeconds is the time between the notice and the end of the node that a pod can count on.
	GracePeriodSeconds int
}

// existingGracePeriod is the shortest notice among the clouds: a spot node of GKE leaves ordinary pods about 25 of
// the 30 seconds (https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms).
const existingGracePeriod = 25

var spots = map[Cloud]Spot{
	Existing: {Key: "dreamseed.ai/spot", Value: "true", GracePeriodSeconds: existingGracePeriod},
}

// Spot is what this cloud's spot nodes look like.
func (c Cloud) Spot() Spot { return spots[c] }
