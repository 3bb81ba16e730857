package cluster

import "slices"

// Cloud says who runs the cluster. It selects the Builder; after the builder ran nothing asks for it again.
type Cloud string

// Existing is a cluster that somebody else built: the platform is put on it, and it is never changed itself.
const Existing Cloud = "existing"

// Clouds lists the allowed values in the order in which messages name them.
func Clouds() []Cloud { return []Cloud{Existing} }

func (c Cloud) known() bool { return slices.Contains(Clouds(), c) }
