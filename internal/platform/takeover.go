package platform

import (
	"maps"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// takenOver makes the provider take ownership of a field from its last writer, in previews as in updates
// (https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply).
// Without it, a field changed by a client other than kubectl ends every further run in an apply conflict.
var takenOver = pulumi.StringMap{"pulumi.com/patchForce": pulumi.String("true")}

// takeOver annotates every Kubernetes object. Other resources, Helm releases among them, have no such metadata.
func takeOver(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
	if !strings.HasPrefix(args.Type, "kubernetes:") {
		return nil
	}
	if custom, ok := args.Props.(kubernetes.UntypedArgs); ok {
		meta, _ := custom["metadata"].(*metav1.ObjectMetaArgs)
		custom["metadata"] = withTakeOver(meta)
		return &pulumi.ResourceTransformationResult{Props: custom, Opts: args.Opts}
	}
	field, found := metadataField(args.Props)
	if !found {
		return nil
	}
	meta, _ := field.Interface().(*metav1.ObjectMetaArgs)
	field.Set(reflect.ValueOf(withTakeOver(meta)))
	return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
}

// metadataField returns the metadata field that every object's arguments have; the SDK's types share no interface for
// it.
func metadataField(props pulumi.Input) (reflect.Value, bool) {
	arguments := reflect.ValueOf(props)
	if arguments.Kind() != reflect.Pointer || arguments.Elem().Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	field := arguments.Elem().FieldByName("Metadata")
	return field, field.IsValid() && field.Type() == metadataType
}

var metadataType = reflect.TypeFor[metav1.ObjectMetaPtrInput]()

// withTakeOver does not modify the given metadata, which several objects may share.
func withTakeOver(meta *metav1.ObjectMetaArgs) *metav1.ObjectMetaArgs {
	var annotated metav1.ObjectMetaArgs
	if meta != nil {
		annotated = *meta
	}
	annotations := maps.Clone(takenOver)
	if already, ok := annotated.Annotations.(pulumi.StringMap); ok {
		maps.Copy(annotations, already)
	}
	annotated.Annotations = annotations
	return &annotated
}
