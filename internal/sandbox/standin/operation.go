package standin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// idLength is how long the random part of an identifier is.
const idLength = 17

// Create answers for a resource that is made, from inputs in plain Go types: its ID and its outputs. The error names
// everything that is refused.
func (c Cloud) Create(
	token string, inputs map[string]any, config map[string]string, server APIServer,
) (id string, outputs map[string]any, err error) {
	known, err := c.resource(token)
	if err != nil {
		return "", nil, err
	}
	if err := errors.Join(known.check(inputs)...); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	instance := Instance{Inputs: inputs, Config: config, Server: server}
	if instance.ID, err = known.identify(instance); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	properties := resource.NewPropertyMapFromMap(inputs)
	if err := known.complete(properties, instance); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	return instance.ID, plainMap(properties), nil
}

// Call answers a function, with arguments and result in plain Go types.
func (c Cloud) Call(
	token string, arguments map[string]any, config map[string]string, server APIServer,
) (map[string]any, error) {
	result, err := c.call(token, Instance{Inputs: arguments, Config: config, Server: server})
	return plainMap(result), err
}

func (c Cloud) call(token string, instance Instance) (resource.PropertyMap, error) {
	function, found := c.Functions[token]
	if !found {
		return nil, fmt.Errorf("the stand-in for %s does not know the function %s", c.Package, token)
	}
	if err := errors.Join(refuse(instance.Inputs, function.Arguments)...); err != nil {
		return nil, fmt.Errorf("calling %s: %w", token, err)
	}
	result := resource.PropertyMap{}
	if err := fillIn(result, function.Result, function.Secrets, instance); err != nil {
		return nil, fmt.Errorf("calling %s: %w", token, err)
	}
	return result, nil
}

func (c Cloud) resource(token string) (Resource, error) {
	known, found := c.Resources[token]
	if !found {
		return Resource{}, fmt.Errorf("the stand-in for %s does not know the resource type %s", c.Package, token)
	}
	return known, nil
}

// refusal is a property that is refused.
type refusal struct{ path, reason string }

func (r refusal) Error() string { return r.path + " " + r.reason }

// check says which inputs are refused, and which are missing.
func (r Resource) check(inputs map[string]any) []error {
	refused := refuse(inputs, r.Inputs)
	for _, name := range r.Required {
		if _, given := (Instance{Inputs: inputs}).Input(name); !given {
			refused = append(refused, refusal{name, "is required and missing"})
		}
	}
	return refused
}

// refuse names the properties that no path covers.
func refuse(given map[string]any, known []string) []error {
	var refused []error
	for _, one := range leaves("", "", given) {
		if !slices.ContainsFunc(known, func(path string) bool { return covers(path, one.rule) }) {
			refused = append(refused, refusal{one.path, "is not known to the stand-in; known are " + strings.Join(known, ", ")})
		}
	}
	return refused
}

func (r Resource) identify(instance Instance) (string, error) {
	instance.Serial = strings.ToLower(rand.Text())[:idLength]
	switch id := r.ID(instance).(type) {
	case string:
		return id, nil
	case error:
		return "", id
	default:
		return "", fmt.Errorf("its ID is %v, not a string", id)
	}
}

// complete adds what the cloud fills in.
func (r Resource) complete(properties resource.PropertyMap, instance Instance) error {
	return fillIn(properties, r.Outputs, r.Secrets, instance)
}

// promise adds what the cloud will fill in.
func (r Resource) promise(properties resource.PropertyMap) {
	for _, path := range slices.Sorted(maps.Keys(r.Outputs)) {
		set(properties, path, resource.MakeComputed(resource.NewStringProperty("")))
	}
}

func fillIn(properties resource.PropertyMap, values map[string]Value, secrets []string, instance Instance) error {
	for _, path := range slices.Sorted(maps.Keys(values)) {
		value := values[path](instance)
		if err, failed := value.(error); failed {
			return fmt.Errorf("filling in %s: %w", path, err)
		}
		property := resource.MakeComputed(resource.NewStringProperty(""))
		if value != any(unknown{}) {
			property = resource.NewPropertyValue(value)
		}
		if slices.Contains(secrets, path) {
			property = resource.MakeSecret(property)
		}
		set(properties, path, property)
	}
	return nil
}
