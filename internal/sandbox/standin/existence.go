package standin

import (
	"fmt"
	"strings"
)

// existence is the cloud's view of a resource: the rules of its type, and the existing resources.
type existence struct {
	token  string
	rules  Rules
	memory *Memory
}

// request returns a request for the resource.
func (e existence) request(instance Instance, former map[string]any) (Request, error) {
	today, err := e.memory.Today()
	find := func(token string, name Value) map[string]any { return e.find(token, fmt.Sprint(name(instance))) }
	return Request{Inputs: instance.Inputs, Former: former, Today: today, Find: find}, err
}

func (e existence) find(token, name string) map[string]any {
	found, exists, err := e.memory.find(token, name)
	if err != nil || !exists || found.Inputs == nil {
		return nil
	}
	return plainMap(propertiesOf(found.Inputs))
}

// limited returns the limits that a request violates.
func (e existence) limited(instance Instance, former map[string]any) (refusals, error) {
	request, err := e.request(instance, former)
	if err != nil {
		return nil, err
	}
	return e.rules.Broken(request), nil
}

// clash returns an error if a request conflicts with existing resources.
func (e existence) clash(instance Instance, former map[string]any) error {
	request, err := e.request(instance, former)
	if err != nil {
		return err
	}
	return refusals(broken(e.rules.Clashes, request)).err()
}

// begin records the creation of the resource in the cloud.
func (e existence) begin(instance Instance, secret bool) error {
	if err := e.clash(instance, nil); err != nil {
		return err
	}
	name, err := e.name(instance)
	if err != nil || name == "" {
		return err
	}
	return e.memory.take(e.token, name, e.rules.Name.Taken, remembered(instance, secret))
}

// goOn records a change of the resource in the cloud.
func (e existence) goOn(instance Instance, former map[string]any, secret bool) error {
	if err := e.clash(instance, former); err != nil {
		return err
	}
	name, err := e.name(instance)
	if err != nil || name == "" {
		return err
	}
	return e.memory.keep(e.token, name, remembered(instance, secret))
}

// end records the deletion of the resource in the cloud.
func (e existence) end(instance Instance, secret bool) error {
	name, err := e.name(instance)
	if err != nil || name == "" {
		return err
	}
	if e.rules.Name.Outlives != nil && e.rules.Name.Outlives(name) {
		left := remembered(instance, secret)
		left.Gone = true
		return e.memory.keep(e.token, name, left)
	}
	return e.memory.Forget(e.token, name)
}

// name returns the resource's name, or "" if the cloud itself names it.
func (e existence) name(instance Instance) (string, error) {
	if e.rules.Name == nil {
		return "", nil
	}
	switch name := e.rules.Name.Is(instance).(type) {
	case error:
		return "", fmt.Errorf("making its name: %w", name)
	case string:
		return name, nil
	default:
		return "", fmt.Errorf("making its name: %v is not a string", name)
	}
}

func remembered(instance Instance, secret bool) named {
	if secret {
		return named{ID: instance.ID}
	}
	return named{ID: instance.ID, Inputs: instance.Inputs}
}

// holder returns the Service that prevents the deletion of a resource, or "" if there is none.
func (h Hold) holder(name string, services []service) string {
	for _, one := range services {
		if one.Spec.Type != "LoadBalancer" {
			continue
		}
		for used := range strings.SplitSeq(one.Metadata.Annotations[h.Annotation], ",") {
			if strings.TrimSpace(used) == name {
				return one.Metadata.Namespace + "/" + one.Metadata.Name
			}
		}
	}
	return ""
}
