package standin

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	served "github.com/dreamseed/platform/internal/sandbox/plugin"
)

// Main is the main function of a stand-in.
func Main(cloud Cloud) {
	served.Main("pulumi-resource-"+cloud.Package, func(engine string) served.Service {
		return &provider{cloud: cloud, engine: engine, memory: memoryOf(cloud.Package), services: readServices}
	})
}

// provider serves the engine from a cloud's tables. The engine's state holds the resources' properties; the memory
// holds the names that are taken.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer

	cloud Cloud
	// engine is the address of the engine.
	engine string
	config map[string]string
	memory *Memory
	// services lists the cluster's Services.
	services func(context.Context) ([]service, error)
}

// Register adds the provider to the server.
func (p *provider) Register(server *grpc.Server) { pulumirpc.RegisterResourceProviderServer(server, p) }

// Stop does nothing: there is nothing to end.
func (p *provider) Stop() {}

// GetPluginInfo returns the version of the real provider.
func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: p.cloud.Version}, nil
}

// Attach does nothing: the engine's address came on the command line.
func (p *provider) Attach(context.Context, *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// Cancel does nothing: there is nothing to interrupt.
func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// CheckConfig refuses settings that are not in the table.
func (p *provider) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	settings, err := readSettings(r.GetNews())
	if err != nil {
		return nil, err
	}
	return &pulumirpc.CheckResponse{Inputs: r.GetNews(), Failures: p.cloud.checkSettings(settings).failures()}, nil
}

// DiffConfig finds changes of settings. None of them replaces the provider's resources.
func (p *provider) DiffConfig(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return diff(r, nil)
}

// Configure takes the settings, and announces that the cloud is a stand-in.
func (p *provider) Configure(ctx context.Context, r *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	settings, err := readSettings(r.GetArgs())
	if err != nil {
		return nil, err
	}
	if p.config, err = p.cloud.Configure(settings); err != nil {
		return nil, err
	}
	message := p.cloud.Package + " is played by a stand-in: nothing is made in the cloud"
	if err := tell(ctx, p.engine, message); err != nil {
		return nil, err
	}
	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}

// Check reports all inputs that are not in the table, that are missing, or that the cloud refuses, at once.
func (p *provider) Check(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	known, news, err := p.look(r.GetUrn(), r.GetNews())
	if err != nil {
		return nil, err
	}
	olds, err := former(r.GetOlds())
	if err != nil {
		return nil, err
	}
	instance := Instance{Inputs: plainMap(news), Config: p.config}
	limited, err := p.exists(r.GetUrn()).limited(instance, olds)
	if err != nil {
		return nil, err
	}
	failures := append(known.check(instance.Inputs), limited...).failures()
	return &pulumirpc.CheckResponse{Inputs: r.GetNews(), Failures: failures}, nil
}

// Diff compares the inputs, and reports which changes replace the resource.
func (p *provider) Diff(_ context.Context, r *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	known, err := p.cloud.resource(typeOf(r.GetUrn()))
	if err != nil {
		return nil, err
	}
	return diff(r, known.Replaces)
}

// Create returns the inputs and the properties that the cloud fills in, which are unknown in a preview.
func (p *provider) Create(_ context.Context, r *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	known, properties, err := p.look(r.GetUrn(), r.GetProperties())
	if err != nil {
		return nil, err
	}
	if r.GetPreview() {
		known.promise(properties)
		outputs, err := write(properties)
		return &pulumirpc.CreateResponse{Properties: outputs}, err
	}
	instance, err := p.instance("", properties)
	if err != nil {
		return nil, err
	}
	if instance.ID, err = known.identify(instance); err != nil {
		return nil, fmt.Errorf("creating %s: %w", r.GetUrn(), err)
	}
	if err := p.exists(r.GetUrn()).begin(instance, properties.ContainsSecrets()); err != nil {
		return nil, fmt.Errorf("creating %s: %w", r.GetUrn(), err)
	}
	outputs, err := completed(known, properties, instance)
	return &pulumirpc.CreateResponse{Id: instance.ID, Properties: outputs}, err
}

// Update returns the new inputs and the properties that the cloud fills in for them.
func (p *provider) Update(_ context.Context, r *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	known, properties, err := p.look(r.GetUrn(), r.GetNews())
	if err != nil {
		return nil, err
	}
	instance, err := p.instance(r.GetId(), properties)
	if err != nil {
		return nil, err
	}
	if !r.GetPreview() {
		olds, err := former(r.GetOldInputs())
		if err != nil {
			return nil, err
		}
		if err := p.exists(r.GetUrn()).goOn(instance, olds, properties.ContainsSecrets()); err != nil {
			return nil, fmt.Errorf("updating %s: %w", r.GetId(), err)
		}
	}
	outputs, err := completed(known, properties, instance)
	return &pulumirpc.UpdateResponse{Properties: outputs}, err
}

// Read returns the current properties that the cloud fills in. A request without inputs comes from an import: it is
// answered from the memory, which holds the named resources.
func (p *provider) Read(_ context.Context, r *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if r.GetInputs() == nil {
		return p.adopt(r)
	}
	known, properties, err := p.look(r.GetUrn(), r.GetInputs())
	if err != nil {
		return nil, err
	}
	instance, err := p.instance(r.GetId(), properties)
	if err != nil {
		return nil, err
	}
	outputs, err := completed(known, properties, instance)
	return &pulumirpc.ReadResponse{Id: r.GetId(), Properties: outputs, Inputs: r.GetInputs()}, err
}

// Delete refuses to delete a resource that the cloud itself protects or that is in use.
func (p *provider) Delete(ctx context.Context, r *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	known, properties, err := p.look(r.GetUrn(), r.GetOldInputs())
	if err != nil {
		return nil, err
	}
	instance := Instance{ID: r.GetId(), Inputs: plainMap(properties), Config: p.config}
	if known.Protection != "" {
		if on, _ := instance.Input(known.Protection); on == true {
			return nil, fmt.Errorf("deleting %s: %s is true; set it to false first", r.GetId(), known.Protection)
		}
	}
	there := p.exists(r.GetUrn())
	if err := p.unused(ctx, there.rules.Hold, instance); err != nil {
		return nil, fmt.Errorf("deleting %s: %w", r.GetId(), err)
	}
	if err := there.end(instance, properties.ContainsSecrets()); err != nil {
		return nil, fmt.Errorf("deleting %s: %w", r.GetId(), err)
	}
	return &emptypb.Empty{}, nil
}

// Invoke calls a function.
func (p *provider) Invoke(_ context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	arguments, err := read(r.GetArgs())
	if err != nil {
		return nil, err
	}
	instance, err := p.instance("", arguments)
	if err != nil {
		return nil, err
	}
	result, err := p.cloud.call(r.GetTok(), instance)
	if err != nil {
		return nil, err
	}
	answer, err := write(result)
	return &pulumirpc.InvokeResponse{Return: answer}, err
}

// look returns a resource's table entry and its properties.
func (p *provider) look(urn string, encoded *structpb.Struct) (Resource, resource.PropertyMap, error) {
	known, err := p.cloud.resource(typeOf(urn))
	if err != nil {
		return Resource{}, nil, err
	}
	properties, err := read(encoded)
	return known, properties, err
}

func (p *provider) instance(id string, inputs resource.PropertyMap) (Instance, error) {
	server, err := readAPIServer()
	return Instance{ID: id, Inputs: plainMap(inputs), Config: p.config, Server: server}, err
}

func completed(known Resource, properties resource.PropertyMap, instance Instance) (*structpb.Struct, error) {
	if err := known.complete(properties, instance); err != nil {
		return nil, err
	}
	return write(properties)
}
