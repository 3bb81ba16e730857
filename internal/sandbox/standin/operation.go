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

// serialLength is the length of the random part of an identifier.
const serialLength = 17

// Create returns the ID and the outputs of a new resource, from inputs in plain Go types. The memory holds the
// resources created before. The error names everything that is refused.
func (c Cloud) Create(
	token string, inputs map[string]any, config map[string]string, server APIServer, memory *Memory,
) (id string, outputs map[string]any, err error) {
	known, err := c.resource(token)
	if err != nil {
		return "", nil, err
	}
	instance := Instance{Inputs: inputs, Config: config, Server: server}
	there := existence{token: token, rules: c.Rules[token], memory: memory}
	limited, err := there.limited(instance, nil)
	if err != nil {
		return "", nil, err
	}
	if err := append(known.check(inputs), limited...).err(); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	if instance.ID, err = known.identify(instance); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	if err := there.begin(instance, false); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	properties := resource.NewPropertyMapFromMap(inputs)
	if err := known.complete(properties, instance); err != nil {
		return "", nil, fmt.Errorf("creating a %s: %w", token, err)
	}
	return instance.ID, plainMap(properties), nil
}

// Call calls a function, with arguments and result in plain Go types.
func (c Cloud) Call(
	token string, arguments map[string]any, config map[string]string, server APIServer,
) (map[string]any, error) {
	result, err := c.call(token, Instance{Inputs: arguments, Config: config, Server: server})
	return plainMap(result), err
}

// Configure returns the configuration from the inputs of a provider. The error names everything that is refused.
func (c Cloud) Configure(inputs map[string]any) (map[string]string, error) {
	if err := c.checkSettings(inputs).err(); err != nil {
		return nil, fmt.Errorf("configuring %s: %w", c.Package, err)
	}
	config := map[string]string{}
	for key, value := range inputs {
		config[key] = fmt.Sprint(value)
	}
	return config, nil
}

func (c Cloud) call(token string, instance Instance) (resource.PropertyMap, error) {
	function, found := c.Functions[token]
	if !found {
		return nil, c.stranger("function", token, slices.Collect(maps.Keys(c.Functions)))
	}
	if err := refuse(instance.Inputs, function.Arguments).err(); err != nil {
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
		return Resource{}, c.stranger("resource type", token, slices.Collect(maps.Keys(c.Resources)))
	}
	return known, nil
}

func (c Cloud) stranger(kind, token string, known []string) error {
	slices.Sort(known)
	return fmt.Errorf("the stand-in for %s does not know the %s %s; known are %s",
		c.Package, kind, token, strings.Join(known, ", "))
}

func (r Resource) identify(instance Instance) (string, error) {
	instance.Serial = strings.ToLower(rand.Text())[:serialLength]
	switch id := r.ID(instance).(type) {
	case string:
		return id, nil
	case error:
		return "", fmt.Errorf("making its ID: %w", id)
	default:
		return "", fmt.Errorf("making its ID: %v is not a string", id)
	}
}

// complete adds the properties that the cloud fills in.
func (r Resource) complete(properties resource.PropertyMap, instance Instance) error {
	return fillIn(properties, r.Outputs, r.Secrets, instance)
}

// promise adds the properties that the cloud will fill in, as unknown.
func (r Resource) promise(properties resource.PropertyMap) {
	for path := range r.Outputs {
		fill(properties, segments(path), concealed(path, r.Secrets, notKnown()))
	}
}

func fillIn(properties resource.PropertyMap, values map[string]Value, secrets []string, instance Instance) error {
	var failures []error
	for _, path := range slices.Sorted(maps.Keys(values)) {
		value := values[path](instance)
		if err := failure(value); err != nil {
			failures = append(failures, fmt.Errorf("filling in %s: %w", path, err))
			continue
		}
		fill(properties, segments(path), concealed(path, secrets, property(value)))
	}
	return errors.Join(failures...)
}

// failure returns the error in the result of a Value, which may be a list or an object with other Values' results.
func failure(value any) error {
	switch value := value.(type) {
	case error:
		return value
	case []any:
		for _, item := range value {
			if err := failure(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if err := failure(value[key]); err != nil {
				return err
			}
		}
	}
	return nil
}

// concealed returns the value as a secret if the real provider keeps it secret.
func concealed(path string, secrets []string, value resource.PropertyValue) resource.PropertyValue {
	if slices.Contains(secrets, path) {
		return resource.MakeSecret(value)
	}
	return value
}
