package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// migrationsOutput is the stack output with the images whose migrations each service's database has seen, the newest
// first. From it, the next run knows whether a release returns to one of them.
const migrationsOutput = "migrations"

// migratedImages reads the output of the stack's last complete run, and adds the images whose migrations completed in
// failed runs since then: these left no output, but the Jobs are in the stack's state. A new stack has none.
func migratedImages(ctx *pulumi.Context, last *lastRun) (map[string][]string, error) {
	migrated := map[string][]string{}
	known, err := last.read(migrationsOutput, &migrated)
	if err != nil {
		return nil, err
	}
	if !known {
		// The engine cannot return the resources of a stack that has no state yet: it crashes (func GetStackResourceOutputs
		// in https://github.com/pulumi/pulumi/blob/v3.246.0/pkg/backend/backend.go).
		return nil, nil
	}
	done, err := doneMigrations(ctx, last.stack)
	if err != nil {
		return nil, err
	}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		for _, one := range done {
			if one.workload == service.Workload() {
				migrated[name] = services.Migrations(one.image, migrated[name])
			}
		}
	}
	return migrated, nil
}

// newMigrations returns the same output for the next run. It is written only when every migration of this run is
// complete.
func newMigrations(running []*services.Service) pulumi.Map {
	migrations := pulumi.Map{}
	for _, service := range running {
		if service.Migrated.OutputState != nil {
			migrations[service.Name] = service.Migrated
		}
	}
	return migrations
}
