package platform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services"
)

// doneMigration is a Job of the stack's state that is complete.
type doneMigration struct{ workload, image, completed string }

// stateOf is what the engine tells of the resources of a stack.
type stateOf struct {
	Outputs map[string]struct {
		Type    string         `pulumi:"type"`
		Outputs map[string]any `pulumi:"outputs"`
	} `pulumi:"outputs"`
}

// doneMigrations are those in the stack's state, in the order in which they completed.
func doneMigrations(ctx *pulumi.Context, stack string) ([]doneMigration, error) {
	arguments := &struct {
		StackName string `pulumi:"stackName"`
	}{stack}
	var state stateOf
	if err := ctx.Invoke("pulumi:pulumi:readStackResourceOutputs", arguments, &state); err != nil {
		return nil, fmt.Errorf("reading the state of the last run: %w", err)
	}
	var done []doneMigration
	for _, urn := range slices.Sorted(maps.Keys(state.Outputs)) {
		if state.Outputs[urn].Type != "kubernetes:batch/v1:Job" {
			continue
		}
		one, err := read(state.Outputs[urn].Outputs)
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

// job is what a Job says of the migration that it runs.
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

func read(outputs map[string]any) (job, error) {
	var one job
	encoded, err := json.Marshal(outputs)
	if err != nil {
		return one, err
	}
	return one, json.Unmarshal(encoded, &one)
}

func (j job) complete() bool {
	ofMigration := j.Metadata.Labels["app.kubernetes.io/component"] == services.MigrationComponent
	for _, condition := range j.Status.Conditions {
		if condition.Type == "Complete" && condition.Status == "True" {
			return ofMigration && len(j.Spec.Template.Spec.Containers) == 1
		}
	}
	return false
}

func (j job) migration() doneMigration {
	return doneMigration{
		workload:  strings.TrimSuffix(j.Metadata.Labels["app.kubernetes.io/name"], "-"+services.MigrationComponent),
		image:     j.Spec.Template.Spec.Containers[0].Image,
		completed: j.Status.CompletionTime,
	}
}
