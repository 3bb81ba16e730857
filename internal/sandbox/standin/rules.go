package standin

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rules are the reasons for which a cloud refuses a resource although all its properties are known.
type Rules struct {
	// Limits depend on the request alone: a preview shows them.
	Limits []Limit
	// Clashes depend on the resources that exist when the resource is created or changed.
	Clashes []Limit
	// Name must be unique among the resources of the type. Nil if the cloud itself names the resource.
	Name *Name
	// Hold prevents the deletion of the resource while a load balancer of the cluster uses it. Nil for none.
	Hold *Hold
}

// Limit is one reason to refuse a request.
type Limit struct {
	// Source is the address of the cloud's documentation, or of a report by somebody who ran into it.
	Source string
	// Refuses returns the cloud's answer, or "" if the cloud accepts the request.
	Refuses func(Request) string
}

// Request is a request to a cloud.
type Request struct {
	// Inputs are the resource's inputs. An unknown input is no reason to refuse.
	Inputs map[string]any
	// Former are the resource's previous inputs. Nil for a creation.
	Former map[string]any
	// Today is the cloud's date.
	Today time.Time
	// Find returns the inputs of another existing resource, by its type and its name, or nil if there is none. The name is
	// a Value as in a Resource, computed from the inputs of this resource.
	Find func(token string, name Value) map[string]any
}

// Text returns a string among the inputs, and whether it is known.
func (r Request) Text(path string) (string, bool) { return textAt(r.Inputs, path) }

// FormerText returns a string among the former inputs.
func (r Request) FormerText(path string) (string, bool) { return textAt(r.Former, path) }

// Number returns a whole number among the inputs, and whether it is known.
func (r Request) Number(path string) (int, bool) {
	value, _ := Instance{Inputs: r.Inputs}.Input(path)
	number, is := value.(int)
	return number, is
}

// Texts returns all strings among the inputs at a path. There may be several if it leads through lists.
func (r Request) Texts(path string) []string { return texts(r.Inputs, segments(path)) }

func texts(value any, path []string) []string {
	switch value := value.(type) {
	case []any:
		var found []string
		for _, item := range value {
			found = append(found, texts(item, path)...)
		}
		return found
	case map[string]any:
		if len(path) > 0 {
			return texts(value[path[0]], path[1:])
		}
	case string:
		if len(path) == 0 && !strings.Contains(value, unknown) {
			return []string{value}
		}
	}
	return nil
}

func textAt(inputs map[string]any, path string) (string, bool) {
	value, _ := Instance{Inputs: inputs}.Input(path)
	text, is := value.(string)
	return text, is && !strings.Contains(text, unknown)
}

// Name describes when a name is taken.
type Name struct {
	// Source is the address of the cloud's documentation, or of a report by somebody who ran into it.
	Source string
	// Is returns the name, including the scope in which it is unique: a Value as in a Resource.
	Is Value
	// Taken is the cloud's answer; %s is the name.
	Taken string
	// Outlives reports whether the name stays taken after its resource was deleted. Nil means that it is free again.
	Outlives func(name string) bool
}

// Always is an Outlives for names that always stay taken.
func Always(string) bool { return true }

// Hold describes how a load balancer of the cluster refers to a resource that it uses.
type Hold struct {
	// Source is the address of the cloud's documentation.
	Source string
	// Annotation is the Service annotation that names the resources, separated by commas.
	Annotation string
	// Names returns the name of the resource in the annotation.
	Names Value
	// Says is the cloud's answer; %s is the resource's identifier.
	Says string
}

// Broken returns the answers of all limits that a request violates by itself.
func (r Rules) Broken(request Request) []string { return broken(r.Limits, request) }

func broken(limits []Limit, request Request) []string {
	var answers []string
	for _, limit := range limits {
		if answer := limit.Refuses(request); answer != "" {
			answers = append(answers, answer)
		}
	}
	return answers
}

// flaws returns the mistakes in the rules themselves.
func (r Rules) flaws(sample Instance) refusals {
	var flaws refusals
	for _, limit := range slices.Concat(r.Limits, r.Clashes) {
		flaws = append(flaws, unsourced(limit.Source)...)
	}
	if r.Name != nil {
		flaws = append(flaws, unsourced(r.Name.Source)...)
		flaws = append(flaws, unfit("its name", r.Name.Is, r.Name.Taken, sample)...)
	}
	if r.Hold != nil {
		flaws = append(flaws, unsourced(r.Hold.Source)...)
		flaws = append(flaws, unfit("its hold", r.Hold.Names, r.Hold.Says, sample)...)
	}
	return flaws
}

// unfit reports a value that cannot be computed from a complete input, and an answer that does not contain it.
func unfit(what string, value Value, answer string, sample Instance) refusals {
	var flaws refusals
	if err := failure(value(sample)); err != nil {
		flaws = append(flaws, fmt.Sprintf("making %s: %v", what, err))
	}
	if strings.Count(answer, "%s") != 1 {
		flaws = append(flaws, fmt.Sprintf("%s is not once in the answer %q", what, answer))
	}
	return flaws
}
