package release

import (
	"context"
	"fmt"

	"github.com/dreamseed/platform/internal/stack"
	"github.com/dreamseed/platform/services"
)

// Migration says in a sentence whether pulumi up will migrate the service's database for an image. The stack's last run
// knows the images whose migrations are complete.
func (t *Target) Migration(ctx context.Context, image string) string {
	if !t.Service.Needs.Postgres {
		return "none: the service has no database"
	}
	state, err := t.Stack.State(ctx)
	if err != nil {
		return fmt.Sprintf("that of the new image, unless the database has seen it: the stack could not be asked (%v)", err)
	}
	outputs, _ := stack.Outputs(state)["migrations"].(map[string]any)
	known, _ := outputs[t.Service.Name].([]any)
	var migrated []string
	for _, one := range known {
		migrated = append(migrated, fmt.Sprint(one))
	}
	if services.IsMigrated(image, migrated) {
		return "none: the database has seen this image"
	}
	return "that of the new image, before its first pod; if it fails, the old release goes on"
}
