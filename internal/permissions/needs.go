// Package permissions compares the permissions granted to the identity that runs Pulumi in a cloud with those that the
// resources of a stack need there. The grants are in docs/clouds/<cloud>/permissions.yaml, from which the package also
// writes the documents for the cloud's tool and the section of the cloud's page. The needs are in needs/<cloud>.yaml
// beside this file.
//
// A resource of a new type first gets an entry there, with the source; the tests then name the missing grants. Nothing
// that runs in an environment uses this package.
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

// Needs are the permissions that Pulumi needs in one cloud.
type Needs struct {
	// Provider holds the needs of the provider when it starts.
	Provider Entry `yaml:"provider"`
	// Functions are keyed by token, Steps by the command on the cloud's page, Resources by type.
	Functions map[string]Entry `yaml:"functions"`
	Steps     map[string]Entry `yaml:"steps"`
	Resources map[string]Entry `yaml:"resources"`
}

// Entry holds the needs of one of them, with their sources.
type Entry struct {
	Sources []string `yaml:"sources"`
	Needs   []Need   `yaml:"needs"`
}

// Need is a set of actions in the same places. A name in braces is a value of the resource.
type Need struct {
	// Where lists the resources that the cloud checks; the action has to be granted for each of them. Empty means the
	// environment's project.
	Where []string `yaml:"where"`
	// With holds further values that the cloud may check.
	With    map[string]string `yaml:"with"`
	Actions []string          `yaml:"actions"`
}

// Request is one request that a cloud allows or refuses.
type Request struct {
	Action, Where string
	With          map[string]string
}

// Load reads the needs in a cloud: aws, azure or gcp, as Pulumi calls its package.
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

// decode refuses unknown keys: a misspelt need would otherwise be ignored.
func decode(name string, content []byte, target any) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(target); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// Values returns the value of a name in braces, if it has one.
type Values func(name string) (string, bool)

// chosen is the value of every name that the cloud itself chooses.
const chosen = "0a1b2c3d"

// ValuesOf returns the inputs of a resource by path, and the values of the whole environment by name. An address has no
// protocol, as in AWS's name of an issuer.
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

// Requests returns the requests of the need for a resource with these values. A place that names an unknown value is
// left out. An unknown value in With leaves out the whole need.
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
