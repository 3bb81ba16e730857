package changeset

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// meanings maps the engine's steps to operations. Steps that change nothing have none. This program does not know a
// step that is not in the table (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/apitype/history.go).
var meanings = map[apitype.OpType]Operation{
	apitype.OpSame:                 "",
	apitype.OpCreate:               Create,
	apitype.OpUpdate:               Update,
	apitype.OpDelete:               Delete,
	apitype.OpReplace:              Replace,
	apitype.OpCreateReplacement:    Replace,
	apitype.OpDeleteReplaced:       Replace,
	apitype.OpRead:                 "",
	apitype.OpReadReplacement:      Replace,
	apitype.OpRefresh:              "",
	apitype.OpReadDiscard:          "",
	apitype.OpDiscardReplaced:      Replace,
	apitype.OpRemovePendingReplace: "",
	apitype.OpImport:               Import,
	apitype.OpImportReplacement:    Replace,
}

// diffKinds are the kinds of difference that the engine reports.
var diffKinds = []apitype.DiffKind{
	apitype.DiffAdd, apitype.DiffAddReplace, apitype.DiffDelete, apitype.DiffDeleteReplace,
	apitype.DiffUpdate, apitype.DiffUpdateReplace,
}

// check refuses a step that cannot be judged.
func (c *collector) check(step apitype.StepEventMetadata) error {
	at := urn.URN(step.URN)
	if !at.IsValid() {
		return fmt.Errorf("has the URN %q: it is none", step.URN)
	}
	if at.Stack() != tokens.QName(c.set.Stack) || at.Project() != tokens.PackageName(c.set.Project) {
		return fmt.Errorf("is about stack %s of project %s: the log must be of stack %s of project %s",
			at.Stack(), at.Project(), c.set.Stack, c.set.Project)
	}
	if _, known := meanings[step.Op]; !known {
		return fmt.Errorf("has the operation %q, which this program does not know: the engine is newer than it", step.Op)
	}
	for path, diff := range step.DetailedDiff {
		if !slices.Contains(diffKinds, diff.Kind) {
			return fmt.Errorf("has the difference %q at %s, which this program does not know", diff.Kind, path)
		}
	}
	return nil
}
