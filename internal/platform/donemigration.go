package platform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services"
)

// doneMigration is a completed migration Job in the stack's state.
type doneMigration struct{ workload, image, completed string }

// doneMigrations returns the completed migrations in the stack's state, in the order of their completion.
func doneMigrations(ctx *pulumi.Context, stack string) ([]doneMigration, error) {
	resources, err := readState(ctx, stack)
	if err != nil {
		return nil, fmt.Errorf("reading the state of the last run: %w", err)
	}
	var done []doneMigration
	for _, urn := range slices.Sorted(maps.Keys(resources)) {
		resource, _ := resources[urn].(map[string]any)
		if resource["type"] != "kubernetes:batch/v1:Job" {
			continue
		}
		one, err := read(resource["outputs"])
		if err != nil {
			return nil, fmt.Errorf("reading %s in the state of the last run: %w", urn, err)
		}
		if one.complete() {
			done = append(done, one.migration())
		}
	}
	slices.SortStableFunc(done, func(a, b doneMigration) int { return cmp.Compare(a.completed, b.completed) })
	return done, nil
}

// readState asks the engine for the type and the outputs of each resource of a stack. The answer is an output, because
// it is secret if the state has a secret, such as a kubeconfig: only the Jobs are read from it.
func readState(ctx *pulumi.Context, stack string) (map[string]any, error) {
	answer, err := internals.UnsafeAwaitOutput(ctx.Context(), ctx.InvokeOutput(
		"pulumi:pulumi:readStackResourceOutputs", pulumi.Map{"stackName": pulumi.String(stack)}, pulumi.AnyOutput{},
		pulumi.InvokeOutputOptions{}))
	if err != nil {
		return nil, err
	}
	state, _ := answer.Value.(map[string]any)
	resources, _ := state["outputs"].(map[string]any)
	return resources, nil
}

// job is the part of a Job that describes its migration.
type job struct {
	Metadata struct {
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		Template struct {
			Spec struct {
				Containers []struct {
					Image string `json:"image"`
				} `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
	Status struct {
		CompletionTime string `json:"completionTime"`
		Conditions     []struct {
			Type   string `json:"type"`
			Status string `json:"status"`
		} `json:"conditions"`
	} `json:"status"`
}

func read(outputs any) (job, error) {
	var one job
	encoded, err := json.Marshal(outputs)
	if err != nil {
		return one, err
	}
	return one, json.Unmarshal(encoded, &one)
}

func (j job) complete() bool {
	ofMigration := j.Metadata.Labels[kube.ComponentLabel] == services.MigrationComponent
	for _, condition := range j.Status.Conditions {
		if condition.Type == "Complete" && condition.Status == "True" {
			return ofMigration && len(j.Spec.Template.Spec.Containers) == 1
		}
	}
	return false
}

func (j job) migration() doneMigration {
	return doneMigration{
		workload:  strings.TrimSuffix(j.Metadata.Labels[kube.NameLabel], "-"+services.MigrationComponent),
		image:     j.Spec.Template.Spec.Containers[0].Image,
		completed: j.Status.CompletionTime,
	}
}
