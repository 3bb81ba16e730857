// Package operator installs the operators that the platform may use.
package operator

// Name is the name of an operator. Its Helm release and namespace have this name in a real environment, its program in
// the sandbox.
type Name string

const (
	// ArgoRollouts releases services blue-green or as a canary.
	ArgoRollouts Name = "argo-rollouts"
	// CertManager issues the certificates of the ingress.
	CertManager Name = "cert-manager"
	// ExternalSecrets writes Secrets with the values that a secret manager keeps.
	ExternalSecrets Name = "external-secrets"
	// SealedSecrets writes Secrets with the values that it alone can decrypt.
	SealedSecrets Name = "sealed-secrets"
	// Traefik is the ingress controller.
	Traefik Name = "traefik"
)

// Names returns the operators, sorted.
func Names() []Name {
	return []Name{ArgoRollouts, CertManager, ExternalSecrets, SealedSecrets, Traefik}
}
