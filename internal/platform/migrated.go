package platform

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services"
)

// migrationsOutput is the stack output with the images whose migrations each service's database has seen, the newest
// first. It is the memory from which the next run knows that a release returns to one of them.
const migrationsOutput = "migrations"

// migratedImages reads what the stack's last run left as its output. A new stack has none.
func migratedImages(ctx *pulumi.Context) (map[string][]string, error) {
	itself := fmt.Sprintf("%s/%s/%s", ctx.Organization(), ctx.Project(), ctx.Stack())
	stack, err := pulumi.NewStackReference(ctx, "last-run", &pulumi.StackReferenceArgs{Name: pulumi.String(itself)})
	if err != nil {
		return nil, fmt.Errorf("reading the outputs of the last run: %w", err)
	}
	output, err := stack.GetOutputDetails(migrationsOutput)
	if err != nil {
		return nil, fmt.Errorf("reading the outputs of the last run: %w", err)
	}
	migrated := map[string][]string{}
	lists, _ := output.Value.(map[string]any)
	for service, list := range lists {
		images, _ := list.([]any)
		for _, image := range images {
			migrated[service] = append(migrated[service], fmt.Sprint(image))
		}
	}
	return migrated, nil
}

// newMigrations is the same memory for the next run. It is written only when every migration of this run is complete.
func newMigrations(running []*services.Service) pulumi.Map {
	migrations := pulumi.Map{}
	for _, service := range running {
		if service.Migrated.OutputState != nil {
			migrations[service.Name] = service.Migrated
		}
	}
	return migrations
}
