package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
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
	generator, err := externalsecret.NewPassword(ctx, name+"-"+key+"-password", args.metadata(physical, nil),
		args.Sources[key].Generate, child...)
	if err != nil {
		return nil, err
	}
	rewrite := pulumi.Array{pulumi.Map{"regexp": pulumi.Map{
		"source": pulumi.String("^password$"), "target": pulumi.String(key),
	}}}
	return &origin{
		name: name + "-" + key, object: physical,
		spec:   externalsecret.Drawn(physical, rewrite),
		target: externalsecret.Lasting(),
		first:  generator,
	}, nil
}
