package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// sealed is the backend for Sealed Secrets (https://github.com/bitnami/sealed-secrets): the values are in the stack
// file, encrypted for the controller of one cluster, one namespace and one name.
type sealed struct{}

var sealedKind = kube.Kind{APIVersion: "bitnami.com/v1alpha1", Name: "SealedSecret"}

// Sealed returns the backend that decrypts the output of `dreamseed seal`.
func Sealed() Backend { return sealed{} }

// NewSecrets registers one SealedSecret for each key. A changed value changes the Secret in place.
func (sealed) NewSecrets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	return newSecrets(ctx, name, args, func(s *Secrets, child ...pulumi.ResourceOption) error {
		for _, key := range args.keys() {
			awaited, deadline := args.await("Synced")
			physical := args.Owner.SealedSecret(key)
			meta := args.metadata(physical, kube.With(awaited, args.release()))
			secret, err := kube.NewCustomResource(ctx, name+"-"+key, sealedKind, meta, pulumi.Map{
				"encryptedData": pulumi.Map{key: pulumi.String(args.Sources[key].Sealed)},
				"template": pulumi.Map{
					"type": pulumi.String("Opaque"), "metadata": pulumi.Map{"labels": args.secretLabels()},
				},
			}, append(child, deadline)...)
			if err != nil {
				return fmt.Errorf("creating sealed secret %s: %w", physical, err)
			}
			s.add(physical, key, secret)
		}
		return nil
	}, opts...)
}
