// Package register has the generators that the platform uses in place of all that there are.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/generator/password"
)
