package platform

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
)

// newCertificate asks for the host's certificate. The engine does not wait until it is there: the issuer's proof needs
// the DNS record to have spread, and until then the controller answers with a certificate of its own.
func newCertificate(ctx *pulumi.Context, name string, args *IngressArgs, opts ...pulumi.ResourceOption) error {
	issuer, err := newCustom(ctx, name+"-issuer", "Issuer", inNamespace(args.Namespace, issuerName),
		issuers[args.Config.Issuer](args.Config), opts...)
	if err != nil {
		return fmt.Errorf("creating the issuer: %w", err)
	}
	_, err = newCustom(ctx, name+"-certificate", "Certificate", inNamespace(args.Namespace, certificateSecret), pulumi.Map{
		"secretName": pulumi.String(certificateSecret),
		"dnsNames":   pulumi.ToStringArray([]string{args.Config.Host}),
		"issuerRef":  pulumi.Map{"kind": pulumi.String("Issuer"), "name": pulumi.String(issuerName)},
		"privateKey": pulumi.Map{"algorithm": pulumi.String("ECDSA"), "rotationPolicy": pulumi.String("Always")},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{issuer}))...)
	if err != nil {
		return fmt.Errorf("creating the certificate: %w", err)
	}
	return nil
}

func newCustom(
	ctx *pulumi.Context, name, kind string, metadata *metav1.ObjectMetaArgs, spec pulumi.Map,
	opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(customVersions[kind]), Kind: pulumi.String(kind), Metadata: metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, opts...)
}

var customVersions = map[string]string{
	"Certificate": "cert-manager.io/v1",
	"Issuer":      "cert-manager.io/v1",
	"Middleware":  "traefik.io/v1alpha1",
}

var issuers = map[config.Issuer]func(config.Ingress) pulumi.Map{
	config.LetsEncrypt: func(c config.Ingress) pulumi.Map {
		return acme(c, "https://acme-v02.api.letsencrypt.org/directory")
	},
	config.LetsEncryptStaging: func(c config.Ingress) pulumi.Map {
		return acme(c, "https://acme-staging-v02.api.letsencrypt.org/directory")
	},
	config.SelfSigned: func(config.Ingress) pulumi.Map { return pulumi.Map{"selfSigned": pulumi.Map{}} },
}

func acme(c config.Ingress, server string) pulumi.Map {
	return pulumi.Map{"acme": pulumi.Map{
		"server":              pulumi.String(server),
		"privateKeySecretRef": pulumi.Map{"name": pulumi.String(issuerName + "-acme-account")},
		"solvers": pulumi.MapArray{pulumi.Map{"http01": pulumi.Map{"ingress": pulumi.Map{
			"ingressClassName": pulumi.String(c.ClassName),
		}}}},
	}}
}
