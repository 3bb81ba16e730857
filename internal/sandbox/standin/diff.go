package standin

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// diff compares the inputs of a request. A change at, below or above one of the given paths replaces the resource.
func diff(r *pulumirpc.DiffRequest, replaces []string) (*pulumirpc.DiffResponse, error) {
	olds, err := read(r.GetOldInputs())
	if err != nil {
		return nil, err
	}
	news, err := read(r.GetNews())
	if err != nil {
		return nil, err
	}
	ignored, err := paths(r.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(changes(nil, plainMap(olds), plainMap(news)), func(one change) bool {
		return slices.ContainsFunc(ignored, func(path resource.PropertyPath) bool { return path.Contains(one.path) })
	})
	return report(found, replaces), nil
}

func paths(texts []string) ([]resource.PropertyPath, error) {
	var parsed []resource.PropertyPath
	for _, text := range texts {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return nil, fmt.Errorf("reading ignoreChanges %q: %w", text, err)
		}
		parsed = append(parsed, path)
	}
	return parsed, nil
}

// report converts changes to the engine's response.
func report(found []change, replaces []string) *pulumirpc.DiffResponse {
	response := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for _, one := range found {
		changed, kind := keys(one.path), one.kind()
		if slices.ContainsFunc(replaces, func(path string) bool { return touches(segments(path), changed) }) {
			kind = replacing[kind]
			response.Replaces = append(response.Replaces, changed[0])
		}
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		response.Diffs = append(response.Diffs, changed[0])
		response.DetailedDiff[one.path.String()] = &pulumirpc.PropertyDiff{Kind: kind, InputDiff: true}
	}
	response.Diffs, response.Replaces = distinct(response.Diffs), distinct(response.Replaces)
	return response
}

func distinct(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }
