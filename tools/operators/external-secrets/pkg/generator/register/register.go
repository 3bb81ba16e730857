// Package register registers only the generators that the platform uses.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/generator/password"
)
