package mocktest

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// recorder is the mock of the engine. Resources register concurrently.
type recorder struct {
	mutex     sync.Mutex
	resources []*Resource
}

// NewResource records a registration, and answers that the resource became what was asked for.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.resources = append(r.resources, record(args))
	return args.Name + "-id", args.Inputs, nil
}

// Call answers a function of a provider with nothing. The platform calls none.
func (r *recorder) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

func (r *recorder) sorted() []*Resource {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	slices.SortFunc(r.resources, func(a, b *Resource) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return r.resources
}

func record(args pulumi.MockResourceArgs) *Resource {
	request := args.RegisterRPC
	inputs := resource.NewObjectProperty(args.Inputs)
	return &Resource{
		Type:          args.TypeToken,
		Name:          args.Name,
		Custom:        args.Custom,
		Inputs:        plain(inputs).(map[string]any),
		Secrets:       secrets("", inputs),
		Parent:        reference(request.GetParent()),
		Provider:      providerReference(args.Provider),
		Dependencies:  references(request.GetDependencies()),
		Protect:       request.GetProtect(),
		IgnoreChanges: request.GetIgnoreChanges(),
		Aliases:       aliases(request.GetAliases()),
		CreateTimeout: request.GetCustomTimeouts().GetCreate(),
		UpdateTimeout: request.GetCustomTimeouts().GetUpdate(),
	}
}

// reference is how a recording names another resource: type::name. The stack itself has no name.
func reference(urn string) string {
	parsed := resource.URN(urn)
	if urn == "" || parsed.QualifiedType() == resource.RootStackType {
		return ""
	}
	return Ref(string(parsed.Type()), parsed.Name())
}

func references(urns []string) []string {
	names := make([]string, len(urns))
	for i, urn := range urns {
		names[i] = reference(urn)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// providerReference leaves the id of the provider out, which the engine puts behind its URN.
func providerReference(provider string) string {
	end := strings.LastIndex(provider, resource.URNNameDelimiter)
	if end < 0 {
		return ""
	}
	return reference(provider[:end])
}

func aliases(given []*pulumirpc.Alias) []string {
	var names []string
	for _, alias := range given {
		if alias.GetUrn() != "" {
			names = append(names, reference(alias.GetUrn()))
			continue
		}
		names = append(names, Ref(alias.GetSpec().GetType(), alias.GetSpec().GetName()))
	}
	slices.Sort(names)
	return names
}
