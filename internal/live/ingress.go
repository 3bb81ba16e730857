package live

import (
	"context"
	"encoding/json"
	"fmt"
)

// ingressItem holds the fields that are read from an Ingress and from an IngressClass.
type ingressItem struct {
	Metadata struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		IngressClassName string `json:"ingressClassName"`
		Controller       string `json:"controller"`
	} `json:"spec"`
	Status struct {
		LoadBalancer struct {
			Ingress []json.RawMessage `json:"ingress"`
		} `json:"loadBalancer"`
	} `json:"status"`
}

// IngressProblems returns, for each Ingress of a namespace without an address, its class and whether that class exists.
func IngressProblems(ctx context.Context, reader Reader, namespace string) ([]string, error) {
	const group = "/apis/networking.k8s.io/v1"
	classes, err := list[ingressItem](ctx, reader, group+"/ingressclasses")
	if err != nil {
		return nil, fmt.Errorf("listing the IngressClasses: %w", err)
	}
	ingresses, err := list[ingressItem](ctx, reader, group+"/namespaces/"+namespace+"/ingresses")
	if err != nil {
		return nil, fmt.Errorf("listing the Ingresses: %w", err)
	}
	controllers := map[string]string{}
	for _, class := range classes {
		controllers[class.Metadata.Name] = class.Spec.Controller
	}
	var problems []string
	for _, one := range ingresses {
		if len(one.Status.LoadBalancer.Ingress) == 0 {
			problems = append(problems, fmt.Sprintf("Ingress %s has no address: %s (ingress.className)",
				one.Metadata.Name, whyUnrouted(one.Spec.IngressClassName, controllers)))
		}
	}
	return problems, nil
}

func whyUnrouted(class string, controllers map[string]string) string {
	if controller, found := controllers[class]; found {
		return fmt.Sprintf("the controller of class %s, %s, has published none; look whether it runs, and what it says",
			class, controller)
	}
	return fmt.Sprintf("there is no IngressClass %s, so that no controller looks after it; install one, or name a class "+
		"that is there", class)
}
