package controlplane

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// Node is a simulated node.
type Node struct {
	// Name is the name of the node and its host name.
	Name string
	// Zone and Region become the labels topology.kubernetes.io/zone and topology.kubernetes.io/region. An empty one gives
	// no label.
	Zone, Region string
	// CPU, Memory and Disk are Kubernetes quantities: the capacity, all of it allocatable. Disk is what pods write to, as
	// resource ephemeral-storage; default 100Gi.
	CPU, Memory, Disk string
	// Pods is how many pods fit. Default 110.
	Pods int
	// Labels come on top of those above and win over them.
	Labels map[string]string
	// Taints keep pods off that do not tolerate them.
	Taints []Taint
}

// Taint is a taint as Kubernetes has it; Effect is NoSchedule, PreferNoSchedule or NoExecute.
type Taint struct {
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Effect string `json:"effect"`
}

const (
	// sandboxLabel is on every node that the sandbox made; no other node is ever changed or deleted.
	sandboxLabel = "dreamseed.ai/sandbox"
	// specAnnotation holds a digest of what the node was made from, which tells whether it has to change.
	specAnnotation = "dreamseed.ai/sandbox-spec"
	// systemTaints are set and removed by the node lifecycle controller.
	systemTaints = "node.kubernetes.io/"

	// usageAnnotation says where a node tells the usage of its pods: kwok does so for each node on a path of its own.
	usageAnnotation = "metrics.k8s.io/resource-metrics-path"

	// defaultPods is the kubelet's own default limit.
	defaultPods = 110
	// defaultDisk has room for as many pods.
	defaultDisk = "100Gi"

	nodesPath  = "/api/v1/nodes"
	leasesPath = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
)

func (n Node) labels() map[string]string {
	labels := map[string]string{
		sandboxLabel:             "true",
		"kubernetes.io/hostname": n.Name,
		"kubernetes.io/os":       "linux",
		"kubernetes.io/arch":     runtime.GOARCH,
	}
	optional := map[string]string{
		"topology.kubernetes.io/zone":   n.Zone,
		"topology.kubernetes.io/region": n.Region,
	}
	for key, value := range optional {
		if value != "" {
			labels[key] = value
		}
	}
	maps.Copy(labels, n.Labels)
	return labels
}

func (n Node) resources() map[string]string {
	pods := n.Pods
	if pods == 0 {
		pods = defaultPods
	}
	return map[string]string{
		"cpu": n.CPU, "memory": n.Memory, "ephemeral-storage": cmp.Or(n.Disk, defaultDisk), "pods": strconv.Itoa(pods),
	}
}

// usagePath is where kwok tells the usage of the node's pods.
func (n Node) usagePath() string { return "/metrics/nodes/" + n.Name + "/metrics/resource" }

// digest tells two specifications of one node apart.
func (n Node) digest() string {
	data, err := json.Marshal([]any{n.labels(), n.resources(), n.Taints})
	if err != nil {
		return "" // strings and numbers always marshal
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// object is a Kubernetes object whose fields are kept as they came, known here or not.
type object map[string]any

func (o object) field(name string) object {
	switch field := o[name].(type) {
	case object:
		return field
	case map[string]any:
		return field
	}
	field := object{}
	o[name] = field
	return field
}

func (o object) text(name string) string {
	text, _ := o[name].(string)
	return text
}

func (o object) list(name string) []any {
	list, _ := o[name].([]any)
	return list
}

// shape makes a node's object, new or live, what the node is to be. What the system keeps there itself stays.
func (n Node) shape(o object) object {
	o["apiVersion"], o["kind"] = "v1", "Node"
	metadata := o.field("metadata")
	metadata["name"], metadata["labels"] = n.Name, n.labels()
	metadata.field("annotations")[specAnnotation] = n.digest()
	metadata.field("annotations")[usageAnnotation] = n.usagePath()

	taints := slices.DeleteFunc(slices.Clone(o.field("spec").list("taints")), func(taint any) bool {
		fields, _ := taint.(map[string]any)
		return !strings.HasPrefix(object(fields).text("key"), systemTaints)
	})
	for _, taint := range n.Taints {
		taints = append(taints, taint)
	}
	o.field("spec")["taints"] = taints
	o.field("status")["capacity"], o.field("status")["allocatable"] = n.resources(), n.resources()
	return o
}

// applyNodes makes the sandbox's nodes those of the list: creates, changes and deletes.
func (a api) applyNodes(ctx context.Context, nodes []Node) error {
	live, err := a.sandboxNodes(ctx)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		if err := a.applyNode(ctx, node, live[node.Name]); err != nil {
			return fmt.Errorf("simulating node %s: %w", node.Name, err)
		}
		delete(live, node.Name)
	}
	for name := range live {
		err := a.do(ctx, http.MethodDelete, nodesPath+"/"+name, nil, nil)
		if err != nil && !isStatus(err, http.StatusNotFound) {
			return fmt.Errorf("deleting node %s: %w", name, err)
		}
	}
	return nil
}

// sandboxNodes are the nodes that the sandbox made, by name.
func (a api) sandboxNodes(ctx context.Context) (map[string]object, error) {
	var list struct {
		Items []object `json:"items"`
	}
	if err := a.do(ctx, http.MethodGet, nodesPath+"?labelSelector="+sandboxLabel, nil, &list); err != nil {
		return nil, fmt.Errorf("listing nodes: %w", err)
	}
	nodes := map[string]object{}
	for _, node := range list.Items {
		nodes[node.field("metadata").text("name")] = node
	}
	return nodes, nil
}

func (a api) applyNode(ctx context.Context, n Node, live object) error {
	if live == nil {
		return a.do(ctx, http.MethodPost, nodesPath, n.shape(object{}), nil)
	}
	if live.annotation(specAnnotation) == n.digest() && live.annotation(usageAnnotation) == n.usagePath() {
		return nil
	}
	// The status goes first: the annotation is what says that all is done.
	for _, path := range []string{nodesPath + "/" + n.Name + "/status", nodesPath + "/" + n.Name} {
		if err := a.update(ctx, path, n); err != nil {
			return err
		}
	}
	return nil
}

// update writes the node's live object back, again when somebody else was quicker: kwok and the controllers write too.
func (a api) update(ctx context.Context, path string, n Node) error {
	for {
		var live object
		if err := a.do(ctx, http.MethodGet, nodesPath+"/"+n.Name, nil, &live); err != nil {
			return err
		}
		err := a.do(ctx, http.MethodPut, path, n.shape(live), nil)
		if !isStatus(err, http.StatusConflict) {
			return err
		}
	}
}

// deleteLeases makes a kwok that was just started take the nodes over: it leaves alone a node whose lease another kwok,
// even a dead one, still holds.
func (a api) deleteLeases(ctx context.Context) error {
	if err := a.do(ctx, http.MethodDelete, leasesPath, nil, nil); err != nil {
		return fmt.Errorf("releasing the nodes of the last kwok: %w", err)
	}
	return nil
}

// nodesReady tells, as an error, which node is not ready yet.
func (a api) nodesReady(ctx context.Context) error {
	nodes, err := a.sandboxNodes(ctx)
	if err != nil {
		return err
	}
	for name, node := range nodes {
		if !ready(node) {
			return fmt.Errorf("node %s is not ready", name)
		}
	}
	return nil
}

// ready tells whether pods without special tolerations can come onto the node: it reports so, and the taint that every
// new node carries is gone.
func ready(node object) bool {
	tainted := slices.ContainsFunc(node.field("spec").list("taints"), func(taint any) bool {
		fields, _ := taint.(map[string]any)
		return strings.HasPrefix(object(fields).text("key"), systemTaints)
	})
	return !tainted && slices.ContainsFunc(node.field("status").list("conditions"), func(condition any) bool {
		fields, _ := condition.(map[string]any)
		return object(fields).text("type") == "Ready" && object(fields).text("status") == "True"
	})
}

// defaultsReady tells, as an error, that no pod could be created yet: the controllers have not made the service
// account that pods run as by default.
func (a api) defaultsReady(ctx context.Context) error {
	err := a.do(ctx, http.MethodGet, "/api/v1/namespaces/default/serviceaccounts/default", nil, nil)
	if isStatus(err, http.StatusNotFound) {
		return errors.New("the default service account does not exist yet")
	}
	return err
}
