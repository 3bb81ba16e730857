package store

// Mode is who provides a store.
type Mode string

const (
	// InCluster runs the store in the cluster, beside the services.
	InCluster Mode = "inCluster"
	// Managed has the cloud run it.
	Managed Mode = "managed"
	// External leaves it to somebody else: the stack's file says where it is, and the secret manager how to sign in.
	External Mode = "external"
)

// Modes returns all modes.
func Modes() []Mode { return []Mode{InCluster, Managed, External} }

// Unmanaged returns the modes of a store that the cloud does not run.
func Unmanaged() []Mode { return []Mode{InCluster, External} }
