package secrets

import (
	"fmt"
	"maps"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// sealed is Sealed Secrets (https://github.com/bitnami/sealed-secrets): the values are in the stack's file,
// encrypted for the controller of one cluster, one namespace and one name.
type sealed struct{}

// Sealed is the backend that decrypts what `dreamseed seal` encrypted.
func Sealed() Backend { return sealed{} }

// NewSecrets registers one SealedSecret for each key. A changed value changes the Secret in place.
func (sealed) NewSecrets(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	return newSecrets(ctx, name, args, func(s *Secrets, child ...pulumi.ResourceOption) error {
		for _, key := range args.Service.SecretKeys() {
			awaited, deadline := args.await("Synced")
			maps.Copy(awaited, args.release())
			physical := args.Service.SealedObject(key)
			secret, err := apiextensions.NewCustomResource(ctx, name+"-"+key, &apiextensions.CustomResourceArgs{
				ApiVersion: pulumi.String("bitnami.com/v1alpha1"),
				Kind:       pulumi.String("SealedSecret"),
				Metadata:   args.metadata(physical, awaited),
				OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
					"encryptedData": pulumi.Map{key: pulumi.String(args.Service.Secrets[key].Sealed)},
					"template": pulumi.Map{
						"type": pulumi.String("Opaque"), "metadata": pulumi.Map{"labels": args.secretLabels()},
					},
				}},
			}, append(child, deadline)...)
			if err != nil {
				return fmt.Errorf("creating sealed secret %s: %w", physical, err)
			}
			s.add(physical, key, secret)
		}
		return nil
	}, opts...)
}
