// Package register has the providers that a sandbox needs in place of all that there are: the one of Kubernetes itself,
// and the stand-in for the clouds' secret managers.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/kubernetes"
	_ "github.com/external-secrets/external-secrets/pkg/provider/secretmanager"
)
