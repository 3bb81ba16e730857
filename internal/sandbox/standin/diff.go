package standin

import (
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// diff compares the inputs of a request. A change of one of the given paths, or below or above it, replaces.
func diff(r *pulumirpc.DiffRequest, replaces []string) (*pulumirpc.DiffResponse, error) {
	olds, err := read(r.GetOldInputs())
	if err != nil {
		return nil, err
	}
	news, err := read(r.GetNews())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for _, one := range changes(plainMap(olds), plainMap(news)) {
		replacing := slices.ContainsFunc(replaces, func(path string) bool { return touches(path, one.rule) })
		response.Changes = pulumirpc.DiffResponse_DIFF_SOME
		response.Diffs = append(response.Diffs, top(one.rule))
		response.DetailedDiff[one.path] = &pulumirpc.PropertyDiff{Kind: kind(one, replacing), InputDiff: true}
		if replacing {
			response.Replaces = append(response.Replaces, top(one.rule))
		}
	}
	response.Diffs, response.Replaces = distinct(response.Diffs), distinct(response.Replaces)
	return response, nil
}

func touches(path, rule string) bool {
	return path == rule || strings.HasPrefix(path, rule+".") || strings.HasPrefix(rule, path+".")
}

// top is the property that a path begins with.
func top(rule string) string {
	first, _, _ := strings.Cut(rule, ".")
	return first
}

func distinct(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }

func kind(one change, replacing bool) pulumirpc.PropertyDiff_Kind {
	kinds := [2]pulumirpc.PropertyDiff_Kind{pulumirpc.PropertyDiff_UPDATE, pulumirpc.PropertyDiff_UPDATE_REPLACE}
	switch {
	case one.from == nil:
		kinds = [2]pulumirpc.PropertyDiff_Kind{pulumirpc.PropertyDiff_ADD, pulumirpc.PropertyDiff_ADD_REPLACE}
	case one.to == nil:
		kinds = [2]pulumirpc.PropertyDiff_Kind{pulumirpc.PropertyDiff_DELETE, pulumirpc.PropertyDiff_DELETE_REPLACE}
	}
	if replacing {
		return kinds[1]
	}
	return kinds[0]
}
