package standin

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// readSettings reads the settings of the provider. It skips the version, which is the engine's own setting.
func readSettings(encoded *structpb.Struct) (map[string]any, error) {
	properties, err := read(encoded)
	delete(properties, "version")
	return plainMap(properties), err
}

// failures converts the refusals without the property, which the reason contains: the engine would print the property's
// value, even that of a secret.
func (r refusals) failures() []*pulumirpc.CheckFailure {
	var failures []*pulumirpc.CheckFailure
	for _, reason := range r {
		failures = append(failures, &pulumirpc.CheckFailure{Reason: reason})
	}
	return failures
}

func typeOf(urn string) string { return string(resource.URN(urn).Type()) }

func read(encoded *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(encoded, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}

func write(properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}
