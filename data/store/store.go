// Package store is the contract between the data stores and the services: what a stack's file says of every store, and
// what a store hands to a service, the same whatever provides it.
package store

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/secrets"
)

// Connection is what a store hands to one service. The zero value is that of a service that needs nothing of it.
type Connection struct {
	// Files are keys of Secrets. The service finds each as the file /app/secrets/<key>, whose content follows the Secret.
	Files []secrets.Mounted
	// Variables are environment variables of the service: names that the declaration decides, such as that of a bucket,
	// and nothing that is known only once a store exists.
	Variables map[string]string
	// Ready lists the resources that must be complete before the first pod of the service, or its migration.
	Ready []pulumi.Resource
}

// Connections holds the connections of one store by the name of the service.
type Connections map[string]Connection
