// Package render turns a stack's state into a folder of Kubernetes manifests, with what Argo CD needs to apply them. It
// is the way out to GitOps.
package render

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// InputError means that a stack cannot be rendered, or not into that folder. Nothing was written.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }

// Unwrap returns the mistakes themselves.
func (e *InputError) Unwrap() error { return e.Err }

// Rendering is a stack as manifests.
type Rendering struct {
	// Stack is the name of the stack.
	Stack string
	// Files are the contents of the files, by their paths in the folder, with slashes.
	Files map[string]string
	// Objects and Releases count what was rendered.
	Objects, Releases int
	// LeftOut lists what was not, in the order of its names.
	LeftOut []LeftOut
}

// Render renders the Kubernetes objects and the Helm releases of a state. Two renderings of the same state are the same
// to the byte. The environment's own Application needs to know where Argo CD finds the folder; nil leaves it out.
//
// It reads the inputs of the resources, which are what the program asked for: the outputs have what the API server and
// its controllers added.
func Render(stack string, state *apitype.DeploymentV3, from *Source) (*Rendering, error) {
	if err := check(state); err != nil {
		return nil, err
	}
	r := &Rendering{Stack: stack, Files: map[string]string{}}
	var all []object
	for _, one := range deployed(state) {
		if why := whyLeftOut(one); why != "" {
			r.LeftOut = append(r.LeftOut, LeftOut{Object: called(one), Why: why})
			continue
		}
		made, err := r.objectOf(one)
		if err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	slices.SortFunc(all, inOrder)
	slices.SortFunc(r.LeftOut, func(a, b LeftOut) int { return strings.Compare(a.Object, b.Object) })
	return r, r.fill(all, staying(state), from)
}

// objectOf turns a resource into what is written for it.
func (r *Rendering) objectOf(one apitype.ResourceV3) (object, error) {
	if one.Type == releaseType {
		r.Releases++
		return applicationOf(r.Stack, one), nil
	}
	r.Objects++
	return newObject(one)
}

// fill writes all files but the marker, which only a folder on the disk has.
func (r *Rendering) fill(all []object, staying []resourceName, from *Source) error {
	for _, one := range all {
		if other, taken := r.Files[one.file()]; taken {
			return &InputError{fmt.Errorf("two objects have the file name %s: rename one of them. The other is:\n%s",
				one.file(), other)}
		}
		if err := r.add(one.file(), one.content); err != nil {
			return err
		}
	}
	if err := r.add("kustomization.yaml", newKustomization(all)); err != nil {
		return err
	}
	if from != nil {
		if err := r.add("application.yaml", environment(r.Stack, *from)); err != nil {
			return err
		}
	}
	r.Files["index.md"] = r.index(all, staying)
	return nil
}

// check refuses a state that does not say what runs.
func check(state *apitype.DeploymentV3) error {
	var mistakes []error
	if len(deployed(state)) == 0 {
		mistakes = append(mistakes, errors.New("the stack has no Kubernetes object yet: run pulumi up first"))
	}
	for _, one := range state.PendingOperations {
		mistakes = append(mistakes, fmt.Errorf("an operation was interrupted, so that the state may lack what runs "+
			"(%s %s): run pulumi refresh first", one.Type, one.Resource.URN))
	}
	if len(mistakes) > 0 {
		return &InputError{errors.Join(mistakes...)}
	}
	return nil
}
