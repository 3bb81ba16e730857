package standin

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// exists returns the cloud's view of the resource with a URN.
func (p *provider) exists(urn string) existence {
	token := typeOf(urn)
	return existence{token: token, rules: p.cloud.Rules[token], memory: p.memory}
}

// adopt answers an import from the memory. A deleted resource that still holds its name is restored.
func (p *provider) adopt(r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	token := typeOf(r.GetUrn())
	known, err := p.cloud.resource(token)
	if err != nil {
		return nil, err
	}
	name, found, err := p.memory.byID(token, r.GetId())
	if err != nil {
		return nil, err
	}
	if found.Inputs == nil {
		return nil, fmt.Errorf("reading %s: a stand-in knows no such resource", r.GetId())
	}
	found.Gone = false
	if err := p.memory.keep(token, name, found); err != nil {
		return nil, err
	}
	properties := propertiesOf(found.Inputs)
	inputs, err := write(properties)
	if err != nil {
		return nil, err
	}
	instance, err := p.instance(r.GetId(), properties)
	if err != nil {
		return nil, err
	}
	outputs, err := completed(known, properties, instance)
	return &pulumirpc.ReadResponse{Id: r.GetId(), Properties: outputs, Inputs: inputs}, err
}

// unused returns an error if a load balancer of the cluster uses the resource.
func (p *provider) unused(ctx context.Context, hold *Hold, instance Instance) error {
	if hold == nil {
		return nil
	}
	name := hold.Names(instance)
	if err := failure(name); err != nil {
		return fmt.Errorf("asking who uses it: %w", err)
	}
	services, err := p.services(ctx)
	if err != nil {
		return err
	}
	if holder := hold.holder(fmt.Sprint(name), services); holder != "" {
		return fmt.Errorf(hold.Says+" (the load balancer of Service %s)", instance.ID, holder)
	}
	return nil
}

// former returns the previous inputs of a resource, or nil if there are none.
func former(encoded *structpb.Struct) (map[string]any, error) {
	properties, err := read(encoded)
	if err != nil || len(properties) == 0 {
		return nil, err
	}
	return plainMap(properties), nil
}

func propertiesOf(inputs map[string]any) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(inputs)
}
