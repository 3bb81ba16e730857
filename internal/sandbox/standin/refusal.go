package standin

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// refusals are all the reasons to refuse a request.
type refusals []string

func (r refusals) err() error {
	var all []error
	for _, one := range r {
		all = append(all, errors.New(one))
	}
	return errors.Join(all...)
}

// check returns the inputs that are refused and those that are missing.
func (r Resource) check(inputs map[string]any) refusals {
	refused := refuse(inputs, r.Inputs)
	for _, required := range r.Required {
		for _, path := range missing(inputs, segments(required), nil) {
			refused = append(refused, path.String()+" is required and missing")
		}
	}
	return refused
}

// checkSettings returns the provider's settings that are refused. The content of an object is not checked.
func (c Cloud) checkSettings(settings map[string]any) refusals {
	given := map[string]any{}
	for key := range settings {
		given[key] = true
	}
	return refuse(given, c.Config)
}

// refuse names the unknown properties, each with the known ones at its place.
func refuse(given map[string]any, table []string) refusals {
	known := make([][]string, len(table))
	for i, path := range table {
		known[i] = segments(path)
	}
	var refused refusals
	for _, one := range leaves(nil, given) {
		if !allows(known, one) {
			refused = append(refused, fmt.Sprintf("%s is not known to the stand-in; known are %s",
				one.path, strings.Join(alternatives(known, keys(one.path)), ", ")))
		}
	}
	return refused
}

// allows reports whether a property is known, or can be the parent of a known one.
func allows(known [][]string, given leaf) bool {
	return slices.ContainsFunc(known, func(path []string) bool {
		return covers(path, keys(given.path)) || given.open() && beginsWith(path, keys(given.path))
	})
}

// alternatives returns the known properties beside the given one, or beside the first of its parents that is unknown.
func alternatives(known [][]string, given []string) []string {
	for depth := len(given); depth >= 0; depth-- {
		found := map[string]bool{}
		for _, path := range known {
			if len(path) > depth && beginsWith(path, given[:depth]) {
				found[strings.Join(path[:depth+1], ".")] = true
			}
		}
		if len(found) > 0 {
			return slices.Sorted(maps.Keys(found))
		}
	}
	return []string{"none"}
}

// missing returns the places at which a value lacks a path. In a list each element needs it.
func missing(value any, path []string, here resource.PropertyPath) []resource.PropertyPath {
	if len(path) == 0 || value == unknown {
		return nil
	}
	switch value := value.(type) {
	case []any:
		var places []resource.PropertyPath
		for i, item := range value {
			places = append(places, missing(item, path, at(here, i))...)
		}
		return places
	case map[string]any:
		if next, given := value[path[0]]; given {
			return missing(next, path[1:], at(here, path[0]))
		}
	}
	for _, key := range path {
		here = at(here, key)
	}
	return []resource.PropertyPath{here}
}
