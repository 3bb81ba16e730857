package secrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/naming"
)

// DrawnArgs describes a Secret with a password that External Secrets draws in the cluster, whatever the backend of the
// stack is. Nobody else knows the password: deleting the Secret draws another one.
type DrawnArgs struct {
	// Namespace and Name are those of the Secret.
	Namespace, Name string
	// Workload names the workload that the Secret belongs to.
	Workload string
	// Labels are further labels of the Secret, such as one by which an operator watches it.
	Labels pulumi.StringMap
	// Type is the type of the Secret, such as kubernetes.io/basic-auth. Empty means Opaque.
	Type string
	// Data are the entries by key. {{ .password }} in them stands for the password: letters and digits, which need no
	// escaping in a URL.
	Data pulumi.StringMap
	// DeadlineSeconds is how long External Secrets may take to write the Secret.
	DeadlineSeconds int
}

// drawnLength is the number of letters and digits of a drawn password: more than 160 bits.
const drawnLength = 32

// NewDrawn registers the generator of a password and the ExternalSecret that writes the Secret, which it returns. The
// Secret exists once the resource is complete. Changed entries are not written into a Secret that exists: status says
// so until it is deleted, and with it the password. Both stay in the cluster when the resource goes, because the store
// still knows the password: the ExternalSecret owns the Secret, which goes with it alone, and draws another one if the
// Secret is deleted (v0.20.4, pkg/controllers/externalsecret/externalsecret_controller.go, isSecretValid).
func NewDrawn(
	ctx *pulumi.Context, name string, args *DrawnArgs, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	labels := kube.WorkloadLabels(args.Workload)
	generator, err := externalsecret.NewPassword(ctx, name+"-password",
		kube.Metadata(args.Namespace, args.Name, labels), drawnLength, opts...)
	if err != nil {
		return nil, err
	}
	spec := externalsecret.Drawn(args.Name, nil)
	spec["refreshPolicy"] = pulumi.String(externalsecret.WrittenOnce)
	spec["target"] = externalsecret.Target(args.Name, args.template(labels), pulumi.Map{
		"creationPolicy": pulumi.String("Owner"),
	})
	secret, err := kube.NewCustomResource(ctx, name+"-secret", externalsecret.Kind,
		kube.Annotate(kube.Metadata(args.Namespace, args.Name, labels), kube.WaitForCondition("Ready")), spec,
		append(opts, pulumi.RetainOnDelete(true), pulumi.DependsOn([]pulumi.Resource{generator}),
			kube.Deadline(args.DeadlineSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating external secret %s: %w", args.Name, err)
	}
	return secret, nil
}

func (a *DrawnArgs) template(labels pulumi.StringMap) pulumi.Map {
	template := externalsecret.Template(externalsecret.Written(kube.With(labels, a.Labels)))
	if a.Type != "" {
		template["type"] = pulumi.String(a.Type)
	}
	template["data"] = a.Data
	template["metadata"].(pulumi.Map)["annotations"] = pulumi.StringMap{externalsecret.TemplateAnnotation: a.version()}
	return template
}

// version returns a name of the template, which changes with what the Secret is to have.
func (a *DrawnArgs) version() pulumi.StringOutput {
	return pulumi.All(a.Data, a.Labels).ApplyT(func(all []any) string {
		content := map[string]string{"type": a.Type}
		for part, entries := range map[string]any{"data": all[0], "labels": all[1]} {
			values, _ := entries.(map[string]string)
			for key, value := range values {
				content[part+" "+key] = value
			}
		}
		return naming.WithHash(a.Name, content)
	}).(pulumi.StringOutput)
}
