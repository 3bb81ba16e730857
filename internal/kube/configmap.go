package kube

import (
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// ImmutableConfigMapArgs are the inputs of NewImmutableConfigMap.
type ImmutableConfigMapArgs struct {
	Namespace string
	// Base is the beginning of the physical name, and the hash of the data its end.
	Base   string
	Labels pulumi.StringMap
	Data   map[string]string
}

// NewImmutableConfigMap registers a ConfigMap that never changes and carries the hash of its content in both of its
// names. Other content is another ConfigMap, so the pods roll onto it, and pods of the former release keep theirs until
// the new one has proved itself. To the engine, too, it is another resource and no replacement: after a failed release,
// the engine would delete the former one as replaced, although the next release may have returned to it.
func NewImmutableConfigMap(
	ctx *pulumi.Context, name string, args *ImmutableConfigMapArgs, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	physical := naming.WithHash(args.Base, args.Data)
	hash := physical[strings.LastIndex(physical, "-"):]
	return corev1.NewConfigMap(ctx, name+hash, &corev1.ConfigMapArgs{
		Metadata:  Metadata(args.Namespace, physical, args.Labels),
		Immutable: pulumi.Bool(true),
		Data:      pulumi.ToStringMap(args.Data),
	}, opts...)
}
