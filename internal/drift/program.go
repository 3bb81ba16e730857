package drift

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/runtime/schema"
	k8sjson "sigs.k8s.io/json"
)

// program is what the stack's state says that the program made.
type program struct {
	// objects are the Kubernetes objects in the order of their creation.
	objects []managed
	index   map[Object]managed
	// namespaces are those of the program, and those in which its Helm releases lie.
	namespaces map[string]bool
	// released are the objects of the Helm releases.
	released map[Object]bool
	// releases are the names of the Helm releases, by namespace/name.
	releases map[string]bool
}

// managed is one Kubernetes object of the program.
type managed struct {
	Object
	schema.GroupVersionKind
	urn string
	// inputs are what the program applied last, without the fields that only Pulumi's provider reads.
	inputs map[string]any
	// manager is the field manager under which it applied.
	manager string
}

const (
	kubernetesTypes = "kubernetes:"
	helmRelease     = "kubernetes:helm.sh/v3:Release"
)

// readProgram reads the objects from a state.
func readProgram(state *apitype.DeploymentV3) (program, error) {
	read := program{
		index: map[Object]managed{}, namespaces: map[string]bool{}, released: map[Object]bool{}, releases: map[string]bool{},
	}
	for _, one := range state.Resources {
		switch {
		case one.Delete || !one.Custom || !strings.HasPrefix(string(one.Type), kubernetesTypes):
		case string(one.Type) == helmRelease:
			read.addRelease(one)
		default:
			if err := read.add(one); err != nil {
				return program{}, err
			}
		}
	}
	return read, nil
}

func (p *program) add(one apitype.ResourceV3) error {
	// The state's numbers are read as the API server's are.
	encoded, err := json.Marshal(one.Inputs)
	if err != nil {
		return fmt.Errorf("reading the inputs of %s: %w", one.URN, err)
	}
	var inputs map[string]any
	if err := unmarshal(encoded, &inputs); err != nil {
		return fmt.Errorf("reading the inputs of %s: %w", one.URN, err)
	}
	maps.DeleteFunc(inputs, func(key string, _ any) bool { return strings.HasPrefix(key, "__") })
	version, _ := inputs["apiVersion"].(string)
	kind, _ := inputs["kind"].(string)
	metadata, _ := inputs["metadata"].(map[string]any)
	name, _ := metadata["name"].(string)
	namespace, _ := metadata["namespace"].(string)
	manager, _ := one.Outputs["__fieldManager"].(string)
	if kind == "" || name == "" {
		return fmt.Errorf("reading the inputs of %s: they have no kind or no name", one.URN)
	}
	gvk := schema.FromAPIVersionAndKind(version, kind)
	made := managed{
		Object: objectOf(gvk.GroupKind(), namespace, name), GroupVersionKind: gvk,
		urn: string(one.URN), inputs: inputs, manager: manager,
	}
	p.objects = append(p.objects, made)
	p.index[made.Object] = made
	if kind == "Namespace" {
		p.namespaces[name] = true
	}
	return nil
}

// addRelease notes the objects of a Helm release, as the provider's output resourceNames lists them
// (https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v3/release/#resourcenames_go).
func (p *program) addRelease(one apitype.ResourceV3) {
	name, _ := one.Outputs["name"].(string)
	namespace, _ := one.Outputs["namespace"].(string)
	p.namespaces[namespace] = true
	p.releases[namespace+"/"+name] = true
	listed, _ := one.Outputs["resourceNames"].(map[string]any)
	for kind, names := range listed {
		kind, _, _ = strings.Cut(kind, "/")
		all, _ := names.([]any)
		for _, entry := range all {
			text, _ := entry.(string)
			in, called, qualified := strings.Cut(text, "/")
			if !qualified { // of the cluster, or the chart left the namespace to Helm
				called = text
				p.released[Object{Kind: kind, Name: called}] = true
				in = namespace
			}
			p.released[Object{Kind: kind, Namespace: in, Name: called}] = true
		}
	}
}

func (p *program) has(kind schema.GroupKind) bool {
	for _, one := range p.objects {
		if one.GroupKind() == kind {
			return true
		}
	}
	return false
}

// version returns the version in which the program wrote a kind, or else the one that the server prefers.
func (p *program) version(kind served) string {
	for _, one := range p.objects {
		if one.GroupKind() == kind.GroupKind() {
			return one.Version
		}
	}
	return kind.Version
}

// unmarshal decodes JSON with int64 for whole numbers.
func unmarshal(data []byte, into *map[string]any) error {
	return k8sjson.UnmarshalCaseSensitivePreserveInts(data, into)
}
