package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/dreamseed/platform/internal/stack"
)

// Patcher changes an object on an API server, as internal/apiserver does. The answer is the object as it is then, and
// may be nil.
type Patcher interface {
	Patch(ctx context.Context, path string, kind types.PatchType, body []byte, answer any) error
}

// Repair is what became of one object of the program.
type Repair struct {
	Object Object `json:"object"`
	// Paths are the fields that were taken back. Empty for a whole object.
	Paths []string `json:"paths,omitempty"`
	// Refused is the API server's answer. Empty if it did what was asked.
	Refused string `json:"refused,omitempty"`
}

// Repair takes back what others added to the program's own objects and changed in them. What is benign or accepted
// stays, and so does what belongs to no program. Afterwards the report's findings are those that are left. A repair
// that the API server refuses does not keep the others from being done.
func (r *Report) Repair(ctx context.Context, cluster Patcher) {
	if r.scan == nil {
		return
	}
	for _, one := range r.scan.program.objects {
		if found := r.of(one.Object); slices.ContainsFunc(found, r.scan.isRepairable) {
			done := r.scan.repair(ctx, cluster, one, found)
			r.Repairs = append(r.Repairs, done)
			if done.Refused == "" {
				r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool {
					return f.Object == one.Object && r.scan.isRepairable(f)
				})
			}
		}
	}
}

// of returns the findings about an object of the program.
func (r *Report) of(name Object) []Finding {
	var found []Finding
	for _, one := range r.Findings {
		if one.Object == name && one.URN != "" {
			found = append(found, one)
		}
	}
	return found
}

// isRepairable reports whether a repair takes a finding back.
func (s *scan) isRepairable(found Finding) bool {
	of, ours := s.program.index[found.Object]
	return ours && found.URN != "" && found.Counts() && of.manager != "" && !stack.HoldsSecret(of.inputs) &&
		(found.Change != Gone || !slices.Contains(notRestored, found.Object.Kind))
}

func (s *scan) repair(ctx context.Context, cluster Patcher, of managed, found []Finding) Repair {
	var keep, takeBack []field
	done := Repair{Object: of.Object}
	for _, one := range found {
		if !s.isRepairable(one) {
			keep = append(keep, one.fields...)
			continue
		}
		takeBack = append(takeBack, one.fields...)
		if one.Path != "" {
			done.Paths = append(done.Paths, one.Path)
		}
	}
	if err := s.restore(ctx, cluster, of, keep, takeBack); err != nil {
		done.Refused = err.Error()
	}
	return done
}

// restore removes what was added, applies what is the program's, and takes the writers off the record. An apply is
// tried even if a removal was refused: the one may have to come before the other.
func (s *scan) restore(ctx context.Context, cluster Patcher, of managed, keep, takeBack []field) error {
	removed := s.removeSurplus(ctx, cluster, of, keep, takeBack)
	restored, err := s.apply(ctx, cluster, of, desired(of, keep, takeBack))
	if err := errors.Join(removed, err); err != nil {
		return err
	}
	return s.disown(ctx, cluster, of, restored, keep)
}

// removeSurplus removes what the program's inputs do not have. An apply leaves fields that are not its own.
func (s *scan) removeSurplus(ctx context.Context, cluster Patcher, of managed, keep, takeBack []field) error {
	object, lives := s.live.objects[of.Object]
	var paths []fieldpath.Path
	for _, one := range takeBack {
		if one.change == Added {
			paths = append(paths, topOf(one.path, of.inputs, keep))
		}
	}
	patch := removal(object.Object, paths)
	if !lives || len(patch) == 0 {
		return nil
	}
	err := cluster.Patch(ctx, object.uri+"?fieldManager="+repairer, types.JSONPatchType, []byte(encoded(patch)), nil)
	if err != nil {
		return fmt.Errorf("removing what was added: %w", err)
	}
	return nil
}

// topOf returns the highest path above a field that the inputs do not have and in which nothing is kept: an empty rest
// would be a field of its own.
func topOf(path fieldpath.Path, inputs map[string]any, keep []field) fieldpath.Path {
	for i := range path {
		top := path[:i+1]
		_, known := lookUp(inputs, top)
		if !known && !slices.ContainsFunc(keep, func(one field) bool { return under(one.path, top) }) {
			return top
		}
	}
	return path
}

// apply writes the program's fields as the provider does, under the name that it uses, and returns the object.
func (s *scan) apply(
	ctx context.Context, cluster Patcher, of managed, config map[string]any,
) (restored content, err error) {
	body, err := json.Marshal(config)
	if err != nil {
		return nil, fmt.Errorf("encoding the inputs: %w", err)
	}
	path := s.live.uri(of) + "?" + url.Values{"fieldManager": {of.manager}, "force": {"true"}}.Encode()
	if err := cluster.Patch(ctx, path, types.ApplyPatchType, body, &restored); err != nil {
		return nil, fmt.Errorf("applying the program's fields: %w", err)
	}
	return restored, nil
}

// disown takes those off the record whose changes were taken back. What is left to them are defaults that the API
// server filled in again, and a deviation no more
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields).
func (s *scan) disown(ctx context.Context, cluster Patcher, of managed, restored content, keep []field) error {
	object := unstructured.Unstructured{Object: restored}
	all := object.GetManagedFields()
	remaining := slices.DeleteFunc(slices.Clone(all), func(entry metav1.ManagedFieldsEntry) bool {
		return entry.Manager != of.manager && entry.Subresource != "status" &&
			!slices.ContainsFunc(keep, func(one field) bool { return one.by.Manager == entry.Manager })
	})
	if len(remaining) == len(all) {
		return nil
	}
	patch := []operation{
		{Op: "test", Path: "/metadata/resourceVersion", Value: object.GetResourceVersion()},
		{Op: "replace", Path: "/metadata/managedFields", Value: remaining},
	}
	if err := cluster.Patch(ctx, s.live.uri(of), types.JSONPatchType, []byte(encoded(patch)), nil); err != nil {
		return fmt.Errorf("taking the writers off the record: %w", err)
	}
	return nil
}

// repairer is the field manager of removals. It owns nothing afterwards.
const repairer = "dreamseed-drift"
