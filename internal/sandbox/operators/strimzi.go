package operators

import (
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/strimzi"
)

// strimziStandIn is a stand-in for Strimzi, a Java program that cannot be built here: no Kafka runs. The API server
// gets kinds that are made of the facts about Strimzi's.
var strimziStandIn = Operator{
	Name:      operator.Strimzi,
	Component: components.Component{Module: ownModule, Package: "./internal/sandbox/strimzi/clusteroperator"},
	Program: controlplane.Program{
		Health: "/healthz", Scheme: "http",
		Arguments: standInArguments(operator.Strimzi),
		Manifests: strimzi.Manifests(),
	},
}
