package mocktest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// recorder mocks the engine. Resources register concurrently.
type recorder struct {
	// clouds are the stand-ins; each answers for its package.
	clouds []standin.Cloud

	// lastOutputs are the outputs that the stack's previous run left.
	lastOutputs resource.PropertyMap

	// lastState holds the outputs of the resources that previous runs left, by URN, each with its type.
	lastState resource.PropertyMap

	// memory lets the clouds see each other's resources in this run.
	memory *standin.Memory

	mutex     sync.Mutex
	resources []*Resource
}

// server is the API server of every stand-in cloud's clusters. Nobody listens there.
var server = standin.APIServer{URL: "https://192.0.2.1:6443", Authority: "cGxhbnRlZC1hdXRob3JpdHk="}

// NewResource records a registration and returns the inputs as outputs. A stand-in cloud adds the values that it fills
// in, or refuses.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	recorded := record(args)
	id := args.Name + "-id"
	if args.TypeToken == stackReference {
		return id, resource.PropertyMap{"outputs": resource.NewObjectProperty(r.lastOutputs)}, nil
	}
	if pkg, is := strings.CutPrefix(args.TypeToken, providers); is {
		return id, args.Inputs, r.keepProvider(pkg, recorded)
	}
	cloud, config := r.keep(recorded)
	if cloud == nil {
		return id, args.Inputs, nil
	}
	id, outputs, err := cloud.Create(args.TypeToken, recorded.Inputs, config, server, r.memory)
	return id, resource.NewPropertyMapFromMap(outputs), err
}

// stackReference is the type that reads the outputs of a stack. It is not recorded.
const stackReference = "pulumi:pulumi:StackReference"

// providers is the prefix of the types of providers; the package follows.
const providers = "pulumi:providers:"

// keepProvider adds a provider to the recording. The stand-in of its cloud may refuse its settings.
func (r *recorder) keepProvider(pkg string, one *Resource) error {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.resources = append(r.resources, one)
	cloud := r.cloud(pkg)
	if cloud == nil {
		return nil
	}
	_, err := cloud.Configure(one.Inputs)
	return err
}

// Call answers a function of a stand-in cloud, and the engine's own function for the state of a stack. The platform
// calls no other.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if args.Token == "pulumi:pulumi:readStackResourceOutputs" {
		return resource.PropertyMap{"outputs": resource.NewObjectProperty(r.lastState)}, nil
	}
	r.mutex.Lock()
	cloud, config := r.answering(args.Token, providerReference(args.Provider))
	r.mutex.Unlock()
	if cloud == nil {
		return resource.PropertyMap{}, nil
	}
	arguments, _ := plain(resource.NewObjectProperty(args.Args)).(map[string]any)
	result, err := cloud.Call(args.Token, arguments, config, server)
	return resource.NewPropertyMapFromMap(result), err
}

// keep adds a resource to the recording and returns its stand-in cloud and the provider's settings.
func (r *recorder) keep(one *Resource) (*standin.Cloud, map[string]string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.resources = append(r.resources, one)
	return r.answering(one.Type, one.Provider)
}

// answering returns the stand-in cloud for a token's package and the settings of its provider.
func (r *recorder) answering(token, provider string) (*standin.Cloud, map[string]string) {
	pkg, _, _ := strings.Cut(token, ":")
	cloud := r.cloud(pkg)
	if cloud == nil {
		return nil, nil
	}
	return cloud, r.settings(provider)
}

// cloud returns the stand-in for a package, or nil if there is none.
func (r *recorder) cloud(pkg string) *standin.Cloud {
	at := slices.IndexFunc(r.clouds, func(one standin.Cloud) bool { return one.Package == pkg })
	if at < 0 {
		return nil
	}
	return &r.clouds[at]
}

func (r *recorder) settings(provider string) map[string]string {
	config := map[string]string{}
	for _, one := range r.resources {
		if one.Ref() != provider {
			continue
		}
		for key, value := range one.Inputs {
			config[key] = fmt.Sprint(value)
		}
	}
	return config
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
		Type:                args.TypeToken,
		Name:                args.Name,
		Custom:              args.Custom,
		Inputs:              plain(inputs).(map[string]any),
		Secrets:             secrets("", inputs),
		Parent:              reference(request.GetParent()),
		Provider:            providerReference(args.Provider),
		Dependencies:        references(request.GetDependencies()),
		Protect:             request.GetProtect(),
		RetainOnDelete:      request.GetRetainOnDelete(),
		IgnoreChanges:       request.GetIgnoreChanges(),
		ReplaceOnChanges:    request.GetReplaceOnChanges(),
		DeleteBeforeReplace: request.GetDeleteBeforeReplace(),
		Aliases:             aliases(request.GetAliases()),
		CreateTimeout:       request.GetCustomTimeouts().GetCreate(),
		UpdateTimeout:       request.GetCustomTimeouts().GetUpdate(),
	}
}

// reference returns the name of another resource in a recording: type::name. The stack itself has no name.
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

// providerReference drops the provider's ID, which the engine appends to its URN.
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
