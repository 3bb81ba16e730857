package catalogue

// Priority is the name of a PriorityClass.
type Priority string

// The three classes, from the last to be evicted to the first.
const (
	// Critical is for services that every request passes through or that money depends on.
	Critical Priority = "dreamseed-critical"
	// Standard is for services that users wait for.
	Standard Priority = "dreamseed-standard"
	// Background is for services that may catch up later.
	Background Priority = "dreamseed-background"
)

// priorityValues are far below the two billion that Kubernetes keeps for system-critical pods
// (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass).
var priorityValues = map[Priority]int{Critical: 100_000, Standard: 10_000, Background: 1_000}

// Priorities returns the classes from the highest to the lowest.
func Priorities() []Priority { return []Priority{Critical, Standard, Background} }

// Value returns the priority of the class among all pods of the cluster: the higher, the later it is evicted.
func (p Priority) Value() int { return priorityValues[p] }
