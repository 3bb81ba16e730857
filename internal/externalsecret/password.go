package externalsecret

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// NewPassword registers a generator of passwords with this many letters and digits, which need no escaping in any URL
// or file.
func NewPassword(
	ctx *pulumi.Context, name string, metadata *metav1.ObjectMetaArgs, length int, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	generator, err := kube.NewCustomResource(ctx, name, PasswordKind, metadata, pulumi.Map{
		"length":      pulumi.Int(length),
		"symbols":     pulumi.Int(0),
		"noUpper":     pulumi.Bool(false),
		"allowRepeat": pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the password generator: %w", err)
	}
	return generator, nil
}

// TemplateAnnotation is the annotation of a Secret that is written once. Its value is another one for another template:
// the operator does not write the Secret again where its template has changed.
const TemplateAnnotation = "dreamseed.ai/template"

// WrittenOnce is the policy by which a Secret is written again only after somebody has deleted it.
const WrittenOnce = "CreatedOnce"

// Drawn returns the source of a value that a generator draws once. It calls the value password; rewrite gives it
// another key, and nil leaves it that one.
func Drawn(generator string, rewrite pulumi.Array) pulumi.Map {
	from := pulumi.Map{"sourceRef": pulumi.Map{"generatorRef": pulumi.Map{
		"apiVersion": pulumi.String(PasswordKind.APIVersion),
		"kind":       pulumi.String(PasswordKind.Name),
		"name":       pulumi.String(generator),
	}}}
	if rewrite != nil {
		from["rewrite"] = rewrite
	}
	return pulumi.Map{
		"refreshPolicy":   pulumi.String("OnChange"),
		"refreshInterval": pulumi.String("0s"),
		"dataFrom":        pulumi.Array{from},
	}
}

// Lasting describes a Secret that nothing owns and nobody changes: it outlives its ExternalSecret, and keeps its value.
func Lasting() pulumi.Map {
	return pulumi.Map{"creationPolicy": pulumi.String("Orphan"), "immutable": pulumi.Bool(true)}
}
