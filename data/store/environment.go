package store

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

// Environment is what the stores in the cluster of an environment have in common.
type Environment struct {
	// Services are those of the environment. Each gets what it declares of a store, and the others get nothing.
	Services []catalogue.Service
	// Namespace is the namespace of the services, and of the stores.
	Namespace string
	// StorageClass is the class of the volumes. Empty means the cluster's default. A change replaces what has the volumes,
	// which is refused while Protect is on; Strimzi ignores it.
	StorageClass string
	// Protect refuses every change that would delete or replace what holds data. Default false: it is then left in the
	// cluster when it leaves the state.
	Protect bool
	// DeadlineSeconds is how long an operator may take for a Secret, a topic or a user.
	DeadlineSeconds int
	// After lists the resources that must exist first: the namespace with its policies, the priority classes, and the
	// operators.
	After []pulumi.Resource
}
