package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// generate returns the origin of a password that is generated once.
//
// Nothing owns its Secret, so that it outlives its ExternalSecret, and it cannot be changed. A recreated ExternalSecret
// adopts the existing Secret as it is: the operator applies no value to an immutable Secret that exists (v0.20.4,
// pkg/controllers/externalsecret/externalsecret_controller.go, objectDoesNotExistOrCanBeMutated). So the operator may
// process the ExternalSecret whenever it changes: a Secret that an earlier release of this program generated becomes
// immutable, loses its owner, and keeps its value.
func (e *external) generate(
	ctx *pulumi.Context, name string, args *Args, key string, _ *store, child ...pulumi.ResourceOption,
) (*origin, error) {
	physical := args.Owner.GeneratedSecret(key)
	meta := args.metadata(physical, nil)
	generator, err := kube.NewCustomResource(ctx, name+"-"+key+"-password", passwordKind, meta, pulumi.Map{
		"length": pulumi.Int(args.Sources[key].Generate),
		// Letters and digits need no escaping in any URL or file.
		"symbols":     pulumi.Int(0),
		"noUpper":     pulumi.Bool(false),
		"allowRepeat": pulumi.Bool(true),
	}, child...)
	if err != nil {
		return nil, fmt.Errorf("creating the password generator: %w", err)
	}
	return &origin{
		name: name + "-" + key, object: physical,
		spec: pulumi.Map{
			"refreshPolicy":   pulumi.String("OnChange"),
			"refreshInterval": pulumi.String("0s"),
			"dataFrom": pulumi.Array{pulumi.Map{
				"sourceRef": pulumi.Map{"generatorRef": pulumi.Map{
					"apiVersion": pulumi.String(passwordKind.APIVersion),
					"kind":       pulumi.String(passwordKind.Name),
					"name":       pulumi.String(physical),
				}},
				"rewrite": pulumi.Array{pulumi.Map{"regexp": pulumi.Map{
					"source": pulumi.String("^password$"), "target": pulumi.String(key),
				}}},
			}},
		},
		target: pulumi.Map{"creationPolicy": pulumi.String("Orphan"), "immutable": pulumi.Bool(true)},
		first:  generator,
	}, nil
}
