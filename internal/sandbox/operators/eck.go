package operators

import (
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/eck"
)

// eckStandIn is a stand-in for ECK, which is under the Elastic License: nothing of it is built here, and neither
// Elasticsearch nor Kibana runs. The API server gets kinds that are made of the facts about ECK's.
var eckStandIn = Operator{
	Name:      operator.ECK,
	Component: components.Component{Module: ownModule, Package: "./internal/sandbox/eck/standin"},
	Program: controlplane.Program{
		Health: "/healthz", Scheme: "http",
		Arguments: standInArguments(operator.ECK),
		Manifests: eck.Manifests(),
	},
}
