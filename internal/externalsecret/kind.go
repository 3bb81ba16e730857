// Package externalsecret has the parts of External Secrets' objects that several packages register
// (https://external-secrets.io/v0.20.4/api/spec). They set the API server's defaults explicitly, which would show up as
// drift otherwise.
package externalsecret

import "github.com/dreamseed/platform/internal/kube"

// The kinds of External Secrets that the platform uses.
var (
	StoreKind    = kube.Kind{APIVersion: "external-secrets.io/v1", Name: "SecretStore"}
	Kind         = kube.Kind{APIVersion: "external-secrets.io/v1", Name: "ExternalSecret"}
	PasswordKind = kube.Kind{APIVersion: "generators.external-secrets.io/v1alpha1", Name: "Password"}
)
