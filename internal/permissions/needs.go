// Package permissions compares what whoever runs Pulumi is granted in a cloud with what the resources of a stack need
// there. What is granted is docs/clouds/<cloud>/permissions.yaml, from which it also writes the documents that the
// cloud's tool takes and the section of the cloud's page. What is needed is needs/<cloud>.yaml beside this file.
//
// A resource of a new type gets an entry there first, with the source; the tests then name what is not granted for it.
// Nothing that runs in an environment uses this package.
package permissions

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed needs roles
var tables embed.FS

// Needs are what Pulumi asks of one cloud.
type Needs struct {
	// Provider is what the provider asks when it starts.
	Provider Entry `yaml:"provider"`
	// Functions are by their token, Steps by the command that the cloud's page tells to run, Resources by their type.
	Functions map[string]Entry `yaml:"functions"`
	Steps     map[string]Entry `yaml:"steps"`
	Resources map[string]Entry `yaml:"resources"`
}

// Entry is what one of them asks, and where that is known from.
type Entry struct {
	Sources []string `yaml:"sources"`
	Needs   []Need   `yaml:"needs"`
}

// Need is a number of actions in the same places. What stands in braces is a value of the resource.
type Need struct {
	// Where are the resources that the cloud looks at, each of which the action has to be granted for. Without any it is
	// the environment's project.
	Where []string `yaml:"where"`
	// With is what else the cloud may look at.
	With    map[string]string `yaml:"with"`
	Actions []string          `yaml:"actions"`
}

// Request is one question that a cloud decides.
type Request struct {
	Action, Where string
	With          map[string]string
}

// Load reads what is needed in a cloud: aws, azure or gcp, as Pulumi calls its package.
func Load(cloud string) (*Needs, error) {
	var needs Needs
	return &needs, readTable("needs/"+cloud+".yaml", &needs)
}

func readTable(name string, target any) error {
	content, err := tables.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return decode(name, content, target)
}

// decode takes no key that it does not know: a need that is misspelt would be none.
func decode(name string, content []byte, target any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(target); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// Values says what stands for a name in braces, if anything does.
type Values func(name string) (string, bool)

// chosen stands for every name that the cloud itself chooses.
const chosen = "0a1b2c3d"

// ValuesOf are the inputs of a resource by their path, and what is true of the whole environment by name. An address is
// named without its protocol, as AWS names an issuer.
func ValuesOf(inputs map[string]any, environment map[string]string) Values {
	return func(name string) (string, bool) {
		if name == "id" {
			return chosen, true
		}
		if value, known := environment[name]; known {
			return value, true
		}
		value, known := at(inputs, strings.Split(name, ".")).(string)
		return strings.TrimPrefix(value, "https://"), known
	}
}

func at(value any, path []string) any {
	for _, step := range path {
		switch inside := value.(type) {
		case map[string]any:
			value = inside[step]
		case []any:
			position, err := strconv.Atoi(step)
			if err != nil || position >= len(inside) {
				return nil
			}
			value = inside[position]
		default:
			return nil
		}
	}
	return value
}

// Requests are what the need asks for a resource with these values. What names a value that the resource does not have
// is not asked.
func (n Need) Requests(values Values) []Request {
	with := map[string]string{}
	for key, template := range n.With {
		value, known := fill(template, values)
		if !known {
			return nil
		}
		with[key] = value
	}
	var requests []Request
	for _, where := range n.places(values) {
		for _, action := range n.Actions {
			requests = append(requests, Request{Action: action, Where: where, With: with})
		}
	}
	return requests
}

func (n Need) places(values Values) []string {
	if len(n.Where) == 0 {
		return []string{""}
	}
	var places []string
	for _, template := range n.Where {
		if place, known := fill(template, values); known {
			places = append(places, place)
		}
	}
	return places
}

var inBraces = regexp.MustCompile(`\{([^}]+)\}`)

func fill(template string, values Values) (filled string, known bool) {
	known = true
	filled = inBraces.ReplaceAllStringFunc(template, func(name string) string {
		value, found := values(strings.Trim(name, "{}"))
		known = known && found
		return value
	})
	return filled, known
}

func (r Request) String() string {
	text := r.Action
	if r.Where != "" {
		text += " on " + r.Where
	}
	for _, key := range slices.Sorted(maps.Keys(r.With)) {
		text += fmt.Sprintf(" with %s %s", key, r.With[key])
	}
	return text
}
