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
	// Zone and Region become the labels topology.kubernetes.io/zone and topology.kubernetes.io/region. If empty, the label
	// is not set.
	Zone, Region string
	// CPU, Memory and Disk are Kubernetes quantities: the capacity, all of it allocatable. Disk is the space that pods can
	// write to, resource ephemeral-storage; default 100Gi.
	CPU, Memory, Disk string
	// Pods is the maximum number of pods. Default 110.
	Pods int
	// Labels are added to those above and take precedence over them.
	Labels map[string]string
	// Taints repel pods that do not tolerate them.
	Taints []Taint
}

// Taint is a Kubernetes taint; Effect is NoSchedule, PreferNoSchedule or NoExecute.
type Taint struct {
	Key    string `json:"key"`
	Value  string `json:"value,omitempty"`
	Effect string `json:"effect"`
}

const (
	// sandboxLabel is on every node that the sandbox created; no other node is ever changed or deleted.
	sandboxLabel = "dreamseed.ai/sandbox"
	// specAnnotation holds a digest of the node's specification, which shows whether the node has to change.
	specAnnotation = "dreamseed.ai/sandbox-spec"
	// systemTaints is the prefix of the taints that the node lifecycle controller sets and removes.
	systemTaints = "node.kubernetes.io/"

	// usageAnnotation holds the path of the node's pod metrics: kwok serves each node on a path of its own.
	usageAnnotation = "metrics.k8s.io/resource-metrics-path"

	// defaultPods is the kubelet's own default limit.
	defaultPods = 110
	// defaultDisk has room for that many pods.
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

// usagePath returns the path at which kwok serves the node's pod metrics.
func (n Node) usagePath() string { return "/metrics/nodes/" + n.Name + "/metrics/resource" }

// digest returns a digest of the node's specification.
func (n Node) digest() string {
	data, err := json.Marshal([]any{n.labels(), n.resources(), n.Taints})
	if err != nil {
		return "" // strings and numbers always marshal
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// object is a Kubernetes object that keeps all its fields, known here or not.
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

// shape sets the node's specification on a new or live object. Fields that the system sets there are kept.
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

// applyNodes creates, changes and deletes the sandbox's nodes to match the list.
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

// sandboxNodes returns the nodes that the sandbox created, by name.
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
	// The status goes first: the annotation marks the node as complete.
	for _, path := range []string{nodesPath + "/" + n.Name + "/status", nodesPath + "/" + n.Name} {
		if err := a.update(ctx, path, n); err != nil {
			return err
		}
	}
	return nil
}

// update writes the node's live object, and retries on a conflict: kwok and the controllers write it too.
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

// deleteLeases makes a newly started kwok take the nodes over: it ignores a node if another kwok, even a dead one,
// still holds its lease.
func (a api) deleteLeases(ctx context.Context) error {
	if err := a.do(ctx, http.MethodDelete, leasesPath, nil, nil); err != nil {
		return fmt.Errorf("releasing the nodes of the last kwok: %w", err)
	}
	return nil
}

// nodesReady returns an error that names a node that is not ready yet.
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

// ready reports whether pods without special tolerations can be scheduled on the node: it is Ready, and the taint of
// every new node is gone.
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

// defaultsReady returns an error until pods can be created: the controllers must first create the default service
// account that pods run as.
func (a api) defaultsReady(ctx context.Context) error {
	err := a.do(ctx, http.MethodGet, "/api/v1/namespaces/default/serviceaccounts/default", nil, nil)
	if isStatus(err, http.StatusNotFound) {
		return errors.New("the default service account does not exist yet")
	}
	return err
}
