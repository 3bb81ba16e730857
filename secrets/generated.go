package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const generatorVersion = "generators.external-secrets.io/v1alpha1"

// draw is how a value is drawn, once: the Secret keeps it for as long as the key is declared.
func (e *external) draw(
	ctx *pulumi.Context, name string, args *Args, key string, _ *store, child ...pulumi.ResourceOption,
) (pulumi.Map, []pulumi.Resource, error) {
	physical := args.Service.SecretObject(key)
	generator, err := apiextensions.NewCustomResource(ctx, name+"-"+key+"-password", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(generatorVersion),
		Kind:       pulumi.String("Password"),
		Metadata:   args.metadata(physical, nil),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"length": pulumi.Int(args.Service.Secrets[key].Generate),
			// Letters and digits go into any URL and any file as they are.
			"symbols":     pulumi.Int(0),
			"noUpper":     pulumi.Bool(false),
			"allowRepeat": pulumi.Bool(true),
		}},
	}, child...)
	if err != nil {
		return nil, nil, fmt.Errorf("creating the password generator: %w", err)
	}
	return pulumi.Map{
		"refreshPolicy":   pulumi.String("CreatedOnce"),
		"refreshInterval": pulumi.String("0s"),
		"dataFrom": pulumi.Array{pulumi.Map{
			"sourceRef": pulumi.Map{"generatorRef": pulumi.Map{
				"apiVersion": pulumi.String(generatorVersion),
				"kind":       pulumi.String("Password"),
				"name":       pulumi.String(physical),
			}},
			"rewrite": pulumi.Array{pulumi.Map{"regexp": pulumi.Map{
				"source": pulumi.String("^password$"), "target": pulumi.String(key),
			}}},
		}},
	}, []pulumi.Resource{generator}, nil
}
