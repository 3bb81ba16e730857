package live

import (
	"encoding/json"
	"fmt"
)

// ingressItem holds the fields that are read from an Ingress and from an IngressClass.
type ingressItem struct {
	Kind     string `json:"kind"`
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

// IngressProblems reads a List of Ingresses and IngressClasses, as kubectl prints it in JSON. For each Ingress without
// an address it returns its class and whether that class exists.
func IngressProblems(listed []byte) ([]string, error) {
	var all struct {
		Items []ingressItem `json:"items"`
	}
	if err := json.Unmarshal(listed, &all); err != nil {
		return nil, fmt.Errorf("reading the list of Ingresses: %w", err)
	}
	controllers := map[string]string{}
	for _, item := range all.Items {
		if item.Kind == "IngressClass" {
			controllers[item.Metadata.Name] = item.Spec.Controller
		}
	}
	var problems []string
	for _, item := range all.Items {
		if item.Kind == "Ingress" && len(item.Status.LoadBalancer.Ingress) == 0 {
			problems = append(problems, fmt.Sprintf("Ingress %s has no address: %s (ingress.className)",
				item.Metadata.Name, whyUnrouted(item.Spec.IngressClassName, controllers)))
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
