package testbed

// Object is a Kubernetes object with the fields that the tests need.
type Object struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name         string            `json:"name"`
		Namespace    string            `json:"namespace"`
		UID          string            `json:"uid"`
		Labels       map[string]string `json:"labels"`
		DeletionTime string            `json:"deletionTimestamp"`
	} `json:"metadata"`
	Spec map[string]any `json:"spec"`
	// Endpoints are those of an EndpointSlice.
	Endpoints []struct {
		Conditions struct {
			Ready bool `json:"ready"`
		} `json:"conditions"`
		TargetRef struct {
			Name string `json:"name"`
		} `json:"targetRef"`
	} `json:"endpoints"`
	// Data is that of a Secret or a ConfigMap: their values are strings.
	Data   map[string]any `json:"data"`
	Status map[string]any `json:"status"`
}

// Images returns the images of a pod's containers.
func (o Object) Images() []string {
	var images []string
	containers, _ := o.Spec["containers"].([]any)
	for _, container := range containers {
		if image, ok := container.(map[string]any)["image"].(string); ok {
			images = append(images, image)
		}
	}
	return images
}

// Node returns the node that a pod is bound to, or "" while the scheduler has bound it to none.
func (o Object) Node() string {
	node, _ := o.Spec["nodeName"].(string)
	return node
}

// Ready reports whether a pod or a node is ready.
func (o Object) Ready() bool {
	conditions, _ := o.Status["conditions"].([]any)
	for _, condition := range conditions {
		fields := condition.(map[string]any)
		if fields["type"] == "Ready" {
			return fields["status"] == "True"
		}
	}
	return false
}
