package store

import (
	"cmp"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/secrets"
)

// Connection is what a store hands to one service. The zero value is that of a service that needs nothing of it.
type Connection struct {
	// Files are keys of Secrets. The service finds each as the file /app/secrets/<key>, whose content follows the Secret.
	Files []secrets.Mounted
	// Plain has the content of further files that are no secret, by name.
	Plain map[string]string
	// Ready lists the resources that must be complete before the first pod of the service, or its migration.
	Ready []pulumi.Resource
}

// Connections holds the connections of one store, or of several, by the name of the service.
type Connections map[string]Connection

// With returns these connections and those of further stores.
func (c Connections) With(further ...Connections) Connections {
	all := maps.Clone(c)
	if all == nil {
		all = Connections{}
	}
	for _, others := range further {
		for service, other := range others {
			all[service] = all[service].with(other)
		}
	}
	return all
}

func (c Connection) with(other Connection) Connection {
	both := Connection{
		Files: slices.Concat(c.Files, other.Files), Plain: maps.Clone(c.Plain), Ready: slices.Concat(c.Ready, other.Ready),
	}
	if both.Plain == nil {
		both.Plain = map[string]string{}
	}
	maps.Copy(both.Plain, other.Plain)
	slices.SortFunc(both.Files, func(a, b secrets.Mounted) int { return cmp.Compare(a.Key, b.Key) })
	return both
}
