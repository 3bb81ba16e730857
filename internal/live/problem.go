package live

// Problem is something that is not as the configuration says, such as a Secret that is not written or a migration that
// is not complete.
type Problem struct {
	// What describes the problem, its reason, and the remedy.
	What string
	// Settled reports whether waiting cannot change it.
	Settled bool
}
