// Package secrets gives services their Secrets. An operator fetches the values from their source: none of them passes
// through this program, its state or its logs.
package secrets

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// Secrets are the Kubernetes Secrets of one service. A workload that depends on Ready finds every key that the service
// declares.
type Secrets struct {
	pulumi.ResourceState

	// Mounted lists the Secrets, sorted by key. Each key has its own, so that a further key changes no existing Secret.
	Mounted []Mounted
	// Ready lists the resources that must exist before the first pod that mounts the Secrets.
	Ready []pulumi.Resource
}

// Mounted is a key of a Secret.
type Mounted struct{ Name, Key string }

// Source describes where the value of a secret comes from. Without any field it is read from the secret manager.
type Source struct {
	// Generate is the length of the password that is generated once, if it is not 0.
	Generate int
	// Sealed is the ciphertext for the controller of Sealed Secrets. Only the backend Sealed reads it.
	Sealed string
}

// Args are the inputs of a Backend.
type Args struct {
	// Owner is the workload that mounts the Secrets.
	Owner Owner
	// Namespace is the namespace of the owner.
	Namespace string
	// Sources are the sources by key. Every key gets a Secret of its own.
	Sources map[string]Source
	// Release identifies what is being released, such as the image. Another value has the operator look at every value
	// that is read before the owner's pods are replaced.
	Release string
	// DeadlineSeconds is how long an operator may take to find the values before it counts as failed.
	DeadlineSeconds int
	// After are the resources that must exist before the operator's objects do, such as the operator itself.
	After []pulumi.Resource
}

// keys returns the keys, sorted.
func (a *Args) keys() []string { return slices.Sorted(maps.Keys(a.Sources)) }

// Backend creates the Secrets of a service from one kind of source.
type Backend interface {
	// NewSecrets registers the objects from which an operator writes a service's Secrets. A missing or unreadable value
	// fails this service, and no other one.
	NewSecrets(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Secrets, error)
}

// build registers the objects of a backend below the component.
type build func(s *Secrets, child ...pulumi.ResourceOption) error

func newSecrets(
	ctx *pulumi.Context, name string, args *Args, build build, opts ...pulumi.ResourceOption,
) (*Secrets, error) {
	made := &Secrets{}
	if err := ctx.RegisterComponentResource("dreamseed:secrets:Secrets", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the secrets of %s: %w", args.Owner.Name, err)
	}
	if err := build(made, pulumi.Parent(made), pulumi.DependsOn(args.After)); err != nil {
		return nil, fmt.Errorf("building the secrets of %s: %w", args.Owner.Name, err)
	}
	names := pulumi.StringArray{}
	for _, mounted := range made.Mounted {
		names = append(names, pulumi.String(mounted.Name))
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{"names": names}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the secrets of %s: %w", args.Owner.Name, err)
	}
	return made, nil
}

// add records a Secret, and the resource that must exist before a pod mounts it.
func (s *Secrets) add(name, key string, ready pulumi.Resource) {
	s.Mounted = append(s.Mounted, Mounted{name, key})
	s.Ready = append(s.Ready, ready)
}

func (a *Args) metadata(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return kube.Annotate(kube.Metadata(a.Namespace, name, kube.WorkloadLabels(a.Owner.Workload)), annotations)
}

// secretLabels returns the labels of the Secrets that an operator writes.
func (a *Args) secretLabels() pulumi.StringMap {
	return externalsecret.Written(kube.WorkloadLabels(a.Owner.Workload))
}

// imageAnnotation records the released image on the object from which an operator writes a Secret.
const imageAnnotation = "dreamseed.ai/image"

// release makes each release check the secrets again: another image changes the object, so the engine awaits it and
// External Secrets reconciles it at once. The engine does not wait for an unchanged object: a value that was lost in
// the meantime would let the release pass.
func (a *Args) release() pulumi.StringMap {
	return pulumi.StringMap{imageAnnotation: pulumi.String(a.Release)}
}

// await makes the engine wait until the operator reports a condition, and fail if that takes too long.
func (a *Args) await(condition string) (pulumi.StringMap, pulumi.ResourceOption) {
	deadline := fmt.Sprintf("%ds", a.DeadlineSeconds)
	return kube.WaitForCondition(condition),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: deadline, Update: deadline})
}

// With returns these Secrets and further ones, which somebody else has the cluster write.
func (s *Secrets) With(files []Mounted, ready []pulumi.Resource) *Secrets {
	all := &Secrets{Mounted: slices.Concat(s.Mounted, files), Ready: slices.Concat(s.Ready, ready)}
	slices.SortFunc(all.Mounted, func(a, b Mounted) int { return cmp.Compare(a.Key, b.Key) })
	return all
}
