package live

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/operator"
)

// groups are the API groups of the operators whose kinds are looked at.
var groups = map[operator.Name]string{
	operator.ArgoRollouts:    "argoproj.io",
	operator.ExternalSecrets: "external-secrets.io",
	operator.SealedSecrets:   "bitnami.com",
}

// Served returns a function that reports whether the API server serves the kinds of an operator.
func Served(ctx context.Context, reader Reader) (func(operator.Name) bool, error) {
	var answer struct {
		Groups []struct {
			Name string `json:"name"`
		} `json:"groups"`
	}
	if err := reader.Read(ctx, "/apis", &answer); err != nil {
		return nil, fmt.Errorf("listing the API groups: %w", err)
	}
	served := map[string]bool{}
	for _, one := range answer.Groups {
		served[one.Name] = true
	}
	return func(name operator.Name) bool { return served[groups[name]] }, nil
}
