package operators

import (
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
)

const certManagerModule = "github.com/cert-manager/cert-manager"

// certManager has the kinds only: the controller would need an issuer outside the machine.
var certManager = Operator{
	Name: operator.CertManager,
	Component: components.Component{
		Version: components.Requirement{Module: certManagerModule},
		Assets: components.Files{Module: certManagerModule, Paths: []string{
			"deploy/crds/acme.cert-manager.io_challenges.yaml",
			"deploy/crds/acme.cert-manager.io_orders.yaml",
			"deploy/crds/cert-manager.io_certificaterequests.yaml",
			"deploy/crds/cert-manager.io_certificates.yaml",
			"deploy/crds/cert-manager.io_clusterissuers.yaml",
			"deploy/crds/cert-manager.io_issuers.yaml",
		}},
	},
}
