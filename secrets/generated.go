package secrets

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const generatorVersion = "generators.external-secrets.io/v1alpha1"

// draw has the operator draw the value of a key, once: the Secret keeps it for as long as the key is declared.
func (e *external) draw(
	ctx *pulumi.Context, name string, args *Args, s *Secrets, key string, child ...pulumi.ResourceOption,
) error {
	suffix := strings.ReplaceAll(strings.ToLower(key), "_", "-")
	physical := args.Service.Workload() + "-" + suffix
	password, err := apiextensions.NewCustomResource(ctx, name+"-"+suffix+"-password", &apiextensions.CustomResourceArgs{
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
		return fmt.Errorf("creating the password generator: %w", err)
	}
	secret, err := newExternalSecret(ctx, name+"-"+suffix, args, physical, pulumi.Map{
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
	}, append(child, pulumi.DependsOn([]pulumi.Resource{password}))...)
	if err != nil {
		return err
	}
	s.add(physical, []string{key}, secret)
	return nil
}
