package drift

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// byOthers returns the fields that other managers own and that deviate from the program's inputs, and those that a
// manager owns under the program's own name without their being in the inputs.
func byOthers(object live, ours string, inputs map[string]any) ([]field, error) {
	var found []field
	for _, entry := range object.GetManagedFields() {
		owned, err := ownedBy(entry)
		if err != nil {
			return nil, fmt.Errorf("reading the managed fields of %s: %w", object.object(), err)
		}
		by, own := writerOf(entry), isProgram(entry, ours)
		for path := range owned.Leaves().All() {
			if under(path, status) {
				continue
			}
			for _, one := range object.deviations(inputs, path.Copy()) {
				if own && one.change != Added {
					continue // a value under the program's own name is the program's: compared with the inputs
				}
				one.by = by
				found = append(found, one)
			}
		}
	}
	return found, nil
}

// status is what controllers write back. No program owns it.
var status = fieldpath.MakePathOrDie("status")

// ownedBy decodes the fields of an entry
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
func ownedBy(entry metav1.ManagedFieldsEntry) (*fieldpath.Set, error) {
	set := &fieldpath.Set{}
	if entry.FieldsV1 == nil {
		return set, nil
	}
	return set, set.FromJSON(bytes.NewReader(entry.FieldsV1.Raw))
}

func writerOf(entry metav1.ManagedFieldsEntry) Writer {
	by := Writer{Manager: entry.Manager, Operation: string(entry.Operation), Subresource: entry.Subresource}
	if entry.Time != nil {
		at := entry.Time.UTC()
		by.Time = &at
	}
	return by
}

// writerOf returns who owns a field.
func (l live) writerOf(path fieldpath.Path) Writer {
	for _, entry := range l.GetManagedFields() {
		if owned, err := ownedBy(entry); err == nil && owned.Has(path) {
			return writerOf(entry)
		}
	}
	return Writer{}
}

// isProgram reports whether an entry is that of the program's own apply.
func isProgram(entry metav1.ManagedFieldsEntry, ours string) bool {
	return entry.Manager == ours && entry.Operation == metav1.ManagedFieldsOperationApply && entry.Subresource == ""
}

// deviations compares an owned field with the inputs. The API server may own a whole map as one field: then its keys
// are compared one by one, so that a rule can tell a controller's key from a stranger's. The same value twice is
// shared, and no deviation.
func (l live) deviations(inputs map[string]any, owned fieldpath.Path) []field {
	has, isLive := lookUp(l.Object, owned)
	if !isLive && !l.isMetadata() {
		return nil // an entry may outlive its field
	}
	wanted, inInputs := lookUp(inputs, owned)
	if !inInputs {
		return []field{{path: owned, owned: owned, change: Added, value: has}}
	}
	return between(owned, owned, wanted, has)
}

func between(path, owned fieldpath.Path, wanted, has any) []field {
	if same(wanted, has) {
		return nil
	}
	ours, isMap := wanted.(map[string]any)
	theirs, areMaps := has.(map[string]any)
	if !isMap || !areMaps {
		return []field{{path: path, owned: owned, change: Changed, value: has}}
	}
	both := maps.Clone(ours)
	maps.Copy(both, theirs)
	var found []field
	for _, name := range slices.Sorted(maps.Keys(both)) {
		at := child(path, named(name))
		want, inputs := ours[name]
		is, live := theirs[name]
		switch {
		case !inputs:
			found = append(found, field{path: at, owned: owned, change: Added, value: is})
		case !live:
			found = append(found, field{path: at, owned: owned, change: Removed})
		default:
			found = append(found, between(at, owned, want, is)...)
		}
	}
	return found
}
