// Package register registers only the providers that a sandbox needs: the Kubernetes provider, and the stand-in for the
// clouds' secret managers.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/kubernetes"
	_ "github.com/external-secrets/external-secrets/pkg/provider/secretmanager"
)
