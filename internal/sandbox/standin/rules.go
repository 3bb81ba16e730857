package standin

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rules are what a cloud refuses of a resource type although every property is known.
type Rules struct {
	// Limits hold for what is asked for alone: a preview shows them.
	Limits []Limit
	// Clashes hold against what exists at the moment when the resource is made or changed.
	Clashes []Limit
	// Name is what no two resources of the type may share. Nil where the cloud itself names the resource.
	Name *Name
	// Hold keeps the resource from being deleted while a load balancer of the cluster uses it. Nil for none.
	Hold *Hold
}

// Limit is one thing that a cloud refuses.
type Limit struct {
	// Source is where the cloud, or somebody who ran into it, says so.
	Source string
	// Refuses is what the cloud answers, empty where it has nothing against the request.
	Refuses func(Request) string
}

// Request is what a cloud is asked for.
type Request struct {
	// Inputs are those of the resource. What is not known yet is no reason to refuse.
	Inputs map[string]any
	// Former are the inputs that the resource has until now. Nil for one that is made.
	Former map[string]any
	// Today is the cloud's date.
	Today time.Time
	// Find returns the inputs of another resource that exists, by its type and its name, a Value as in a Resource: what
	// it is made of are the inputs of this one. Nil where there is none.
	Find func(token string, name Value) map[string]any
}

// Text is a string among the inputs. It is not given where it is not known yet.
func (r Request) Text(path string) (string, bool) { return textAt(r.Inputs, path) }

// FormerText is a string among the former inputs.
func (r Request) FormerText(path string) (string, bool) { return textAt(r.Former, path) }

// Number is a whole number among the inputs. It is not given where it is not known yet.
func (r Request) Number(path string) (int, bool) {
	value, _ := Instance{Inputs: r.Inputs}.Input(path)
	number, is := value.(int)
	return number, is
}

// Texts are all strings among the inputs at a path, of which there are several where it leads through lists.
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

// Name says when a name is taken.
type Name struct {
	// Source is where the cloud, or somebody who ran into it, says so.
	Source string
	// Is the name, with whatever it is unique in: a Value as in a Resource.
	Is Value
	// Taken is what the cloud answers; %s is the name.
	Taken string
	// Outlives reports whether the name stays taken when the resource with it is deleted. Nil: it is free again.
	Outlives func(name string) bool
}

// Always is a name's fate that depends on nothing.
func Always(string) bool { return true }

// Hold is how a load balancer of the cluster says that it uses a resource.
type Hold struct {
	// Source is where the cloud says so.
	Source string
	// Annotation is the one of a Service that names the resources, with commas between them.
	Annotation string
	// Names is what the annotation calls the resource.
	Names Value
	// Says is what the cloud answers; %s is the resource's identifier.
	Says string
}

// Broken are the answers of all limits that a request breaks by itself.
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

// flaws says what is wrong with the rules themselves.
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

// unfit names a value that cannot be made though everything is given, and an answer that does not hold it.
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
