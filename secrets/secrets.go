// Package secrets gives services their Secrets. The values come from where they are kept, by way of an operator: none
// of them passes through this program, its state or its logs.
package secrets

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Secrets are the Kubernetes Secrets of one service. Once a workload depends on what is Ready, they hold every key that
// the service declares.
type Secrets struct {
	pulumi.ResourceState

	// Mounted are the Secrets, sorted by key: one for each, so that a further key changes none that is there.
	Mounted []Mounted
	// Ready is what must exist before the first pod that mounts them.
	Ready []pulumi.Resource
}

// Mounted is a key of a Secret.
type Mounted struct{ Name, Key string }

// Args says whose Secrets they are.
type Args struct {
	// Service declares the secrets.
	Service catalogue.Service
	// Namespace is the namespace of the service.
	Namespace string
	// DeadlineSeconds is how long an operator may take to find the values before it counts as failed.
	DeadlineSeconds int
	// After are the resources that must exist before the operator's objects do, such as the operator itself.
	After []pulumi.Resource
}

// Backend makes the Secrets of a service, whatever keeps the values.
type Backend interface {
	// NewSecrets registers what makes an operator write a service's Secrets. A missing or unreadable value fails this
	// service, and no other one.
	NewSecrets(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Secrets, error)
}

// build adds what a backend registers below the component.
type build func(s *Secrets, child ...pulumi.ResourceOption) error

func newSecrets(
	ctx *pulumi.Context, name string, args *Args, build build, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	made := &Secrets{}
	if err := ctx.RegisterComponentResource("dreamseed:secrets:Secrets", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the secrets of service %s: %w", args.Service.Name, err)
	}
	if err := build(made, pulumi.Parent(made), pulumi.DependsOn(args.After)); err != nil {
		return nil, fmt.Errorf("building the secrets of service %s: %w", args.Service.Name, err)
	}
	names := pulumi.StringArray{}
	for _, mounted := range made.Mounted {
		names = append(names, pulumi.String(mounted.Name))
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{"names": names}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the secrets of service %s: %w", args.Service.Name, err)
	}
	return made, nil
}

// add notes a Secret, and what there has to be before somebody mounts it.
func (s *Secrets) add(name, key string, ready pulumi.Resource) {
	s.Mounted = append(s.Mounted, Mounted{name, key})
	s.Ready = append(s.Ready, ready)
}

func (a *Args) metadata(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return kube.Annotate(kube.Metadata(a.Namespace, name, kube.WorkloadLabels(a.Service.Workload())), annotations)
}

// secretLabels are the labels of the Secrets that an operator writes: the operator manages them, not Pulumi.
func (a *Args) secretLabels() pulumi.StringMap {
	labels := kube.WorkloadLabels(a.Service.Workload())
	delete(labels, kube.ManagedByLabel)
	return labels
}

// imageAnnotation holds the image that is released with what an operator writes a Secret from.
const imageAnnotation = "dreamseed.ai/image"

// release makes each release judge the secrets anew: with another image the object is another one, which the engine
// awaits, and which External Secrets looks at once more at once. What nobody changes, nobody waits for: a value that
// had been lost meanwhile would let the release pass.
func (a *Args) release() pulumi.StringMap {
	return pulumi.StringMap{imageAnnotation: pulumi.String(a.Service.Image)}
}

// await makes the engine wait until the operator says that a condition holds, and fail when it has not in time.
func (a *Args) await(condition string) (pulumi.StringMap, pulumi.ResourceOption) {
	deadline := fmt.Sprintf("%ds", a.DeadlineSeconds)
	return kube.WaitForCondition(condition),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: deadline, Update: deadline})
}
