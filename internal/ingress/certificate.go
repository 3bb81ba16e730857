package ingress

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newCertificate requests the host's certificate. The engine does not wait for it: the issuer's challenge needs the DNS
// record to have spread, and until then the controller answers with a certificate of its own.
func newCertificate(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) error {
	issuer, err := kube.NewCustomResource(ctx, name+"-issuer", issuerKind, args.metadata(issuerName),
		issuers[args.Spec.Issuer](args.Spec), opts...)
	if err != nil {
		return fmt.Errorf("creating the issuer: %w", err)
	}
	meta := args.metadata(certificateSecret)
	_, err = kube.NewCustomResource(ctx, name+"-certificate", certificateKind, meta, pulumi.Map{
		"secretName": pulumi.String(certificateSecret),
		"dnsNames":   pulumi.ToStringArray([]string{args.Spec.Host}),
		"issuerRef":  pulumi.Map{"kind": pulumi.String("Issuer"), "name": pulumi.String(issuerName)},
		"privateKey": pulumi.Map{"algorithm": pulumi.String("ECDSA"), "rotationPolicy": pulumi.String("Always")},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{issuer}))...)
	if err != nil {
		return fmt.Errorf("creating the certificate: %w", err)
	}
	return nil
}

// The kinds of cert-manager and of Traefik.
var (
	certificateKind = kube.Kind{APIVersion: "cert-manager.io/v1", Name: "Certificate"}
	issuerKind      = kube.Kind{APIVersion: "cert-manager.io/v1", Name: "Issuer"}
	middlewareKind  = kube.Kind{APIVersion: "traefik.io/v1alpha1", Name: "Middleware"}
)

var issuers = map[Issuer]func(Spec) pulumi.Map{
	LetsEncrypt: func(c Spec) pulumi.Map {
		return acme(c, "https://acme-v02.api.letsencrypt.org/directory")
	},
	LetsEncryptStaging: func(c Spec) pulumi.Map {
		return acme(c, "https://acme-staging-v02.api.letsencrypt.org/directory")
	},
	SelfSigned: func(Spec) pulumi.Map { return pulumi.Map{"selfSigned": pulumi.Map{}} },
}

func acme(c Spec, server string) pulumi.Map {
	return pulumi.Map{"acme": pulumi.Map{
		"server":              pulumi.String(server),
		"privateKeySecretRef": pulumi.Map{"name": pulumi.String(issuerName + "-acme-account")},
		"solvers": pulumi.MapArray{pulumi.Map{"http01": pulumi.Map{"ingress": pulumi.Map{
			"ingressClassName": pulumi.String(c.ClassName),
		}}}},
	}}
}
