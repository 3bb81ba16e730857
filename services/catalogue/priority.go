package catalogue

// Priority is the name of a PriorityClass.
type Priority string

// The three classes, from the one that is evicted last to the one that is evicted first.
const (
	// Critical is for what every request passes through or what money depends on.
	Critical Priority = "dreamseed-critical"
	// Standard is for what users wait for.
	Standard Priority = "dreamseed-standard"
	// Background is for what may catch up later.
	Background Priority = "dreamseed-background"
)

// priorityValues are far below the two billion that Kubernetes keeps for system-critical pods
// (https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass).
var priorityValues = map[Priority]int{Critical: 100_000, Standard: 10_000, Background: 1_000}

// Priorities lists the classes from the highest to the lowest.
func Priorities() []Priority { return []Priority{Critical, Standard, Background} }

// Value is the class's place among all pods of the cluster: the higher, the later it is evicted.
func (p Priority) Value() int { return priorityValues[p] }
