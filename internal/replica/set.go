package replica

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// letters tell the replicas apart, in the order in which they are changed.
const letters = "ab"

// Letters returns the letters of so many replicas. It fails unless there are one or two.
func Letters(count int) ([]string, error) {
	if count < 1 || count > len(letters) {
		return nil, fmt.Errorf("running %d replicas: must be 1 to %d", count, len(letters))
	}
	var all []string
	for _, letter := range letters[:count] {
		all = append(all, string(letter))
	}
	return all, nil
}

// Set is the replicas of a program, with what they share.
type Set struct {
	// Replicas are in the order of their letters.
	Replicas []*Replica
	// Objects are the resources that are complete once every replica answers.
	Objects []pulumi.Resource
}

// SetArgs describes the replicas of a program.
type SetArgs struct {
	Program *Program
	// Letters are those of the replicas.
	Letters []string
	// Own returns what a replica does not share.
	Own func(letter string) Own
}

// NewSet registers the replicas of a program. Each waits until the one before is ready again, so that a change that
// breaks the first does not reach the second.
func NewSet(ctx *pulumi.Context, name string, args *SetArgs, opts ...pulumi.ResourceOption) (*Set, error) {
	program := args.Program
	shared := append([]pulumi.ResourceOption{pulumi.DependsOn(program.After)}, opts...)
	account, err := newAccount(ctx, name+"-account", program, shared...)
	if err != nil {
		return nil, fmt.Errorf("creating the service account: %w", err)
	}
	service, err := newSharedService(ctx, name+"-service", program, shared...)
	if err != nil {
		return nil, fmt.Errorf("creating the service: %w", err)
	}
	if err := newDisruptionBudget(ctx, name+"-disruption-budget", program, shared...); err != nil {
		return nil, fmt.Errorf("creating the disruption budget: %w", err)
	}
	set := &Set{Objects: []pulumi.Resource{service}}
	for _, letter := range args.Letters {
		if err := set.add(ctx, name, letter, args, account, opts...); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// add registers the next replica.
func (s *Set) add(
	ctx *pulumi.Context, name, letter string, args *SetArgs, account *corev1.ServiceAccount,
	opts ...pulumi.ResourceOption,
) error {
	one, err := New(ctx, name+"-"+letter, &Args{
		Program: args.Program, Letter: letter, Account: account, Own: args.Own(letter), Before: s.Objects,
	}, opts...)
	if err != nil {
		return err
	}
	s.Replicas = append(s.Replicas, one)
	s.Objects = append(s.Objects, one.Objects...)
	return nil
}

// newAccount registers the account that the pods run under. A pod mounts its token only if the program says so.
func newAccount(
	ctx *pulumi.Context, name string, program *Program, opts ...pulumi.ResourceOption,
) (*corev1.ServiceAccount, error) {
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata:                     kube.Metadata(program.Namespace, program.Name, program.labels()),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}
