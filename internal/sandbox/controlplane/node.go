package controlplane

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/retry"
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
	digest, err := digestOf([]any{n.labels(), n.resources(), n.Taints})
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return digest
}

// shape returns a new or live object with the node's specification. Fields that the system sets there are kept.
func (n Node) shape(live *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	shaped := live.DeepCopy()
	if shaped.Object == nil {
		shaped.Object = map[string]any{}
	}
	shaped.SetAPIVersion("v1")
	shaped.SetKind("Node")
	shaped.SetName(n.Name)
	shaped.SetLabels(n.labels())
	annotate(shaped, specAnnotation, n.digest())
	annotate(shaped, usageAnnotation, n.usagePath())
	taints := slices.DeleteFunc(taintsOf(shaped), func(taint any) bool { return !isSystems(taint) })
	for _, taint := range n.Taints {
		taints = append(taints, taint.object())
	}
	return shaped, errors.Join(
		unstructured.SetNestedSlice(shaped.Object, taints, "spec", "taints"),
		unstructured.SetNestedStringMap(shaped.Object, n.resources(), "status", "capacity"),
		unstructured.SetNestedStringMap(shaped.Object, n.resources(), "status", "allocatable"),
	)
}

func (t Taint) object() map[string]any {
	fields := map[string]any{"key": t.Key, "effect": t.Effect}
	if t.Value != "" {
		fields["value"] = t.Value
	}
	return fields
}

func taintsOf(node *unstructured.Unstructured) []any {
	taints, _, _ := unstructured.NestedSlice(node.Object, "spec", "taints")
	return taints
}

// isSystems reports whether a taint is one of the node lifecycle controller's.
func isSystems(taint any) bool {
	fields, _ := taint.(map[string]any)
	key, _, _ := unstructured.NestedString(fields, "key")
	return strings.HasPrefix(key, systemTaints)
}

func (a *administrator) nodes() dynamic.ResourceInterface {
	return a.objects.Resource(schema.GroupVersionResource{Version: "v1", Resource: "nodes"})
}

// applyNodes creates, changes and deletes the sandbox's nodes to match the list.
func (a *administrator) applyNodes(ctx context.Context, nodes []Node) error {
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
		if err := a.nodes().Delete(ctx, name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("deleting node %s: %w", name, err)
		}
	}
	return nil
}

// sandboxNodes returns the nodes that the sandbox created, by name.
func (a *administrator) sandboxNodes(ctx context.Context) (map[string]*unstructured.Unstructured, error) {
	list, err := a.nodes().List(ctx, metav1.ListOptions{LabelSelector: sandboxLabel})
	if err != nil {
		return nil, fmt.Errorf("listing nodes: %w", err)
	}
	nodes := map[string]*unstructured.Unstructured{}
	for i := range list.Items {
		nodes[list.Items[i].GetName()] = &list.Items[i]
	}
	return nodes, nil
}

func (a *administrator) applyNode(ctx context.Context, n Node, live *unstructured.Unstructured) error {
	if live == nil {
		created, err := n.shape(&unstructured.Unstructured{})
		if err != nil {
			return err
		}
		_, err = a.nodes().Create(ctx, created, metav1.CreateOptions{})
		return err
	}
	annotations := live.GetAnnotations()
	if annotations[specAnnotation] == n.digest() && annotations[usageAnnotation] == n.usagePath() {
		return nil
	}
	// The status goes first: the annotation marks the node as complete.
	if err := a.update(ctx, n, "status"); err != nil {
		return err
	}
	return a.update(ctx, n)
}

// update writes the node's live object, or a subresource of it, and retries on a conflict: kwok and the controllers
// write it too.
func (a *administrator) update(ctx context.Context, n Node, subresources ...string) error {
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		live, err := a.nodes().Get(ctx, n.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		shaped, err := n.shape(live)
		if err != nil {
			return err
		}
		_, err = a.nodes().Update(ctx, shaped, metav1.UpdateOptions{}, subresources...)
		return err
	})
}

// deleteLeases makes a newly started kwok take the nodes over: it ignores a node if another kwok, even a dead one,
// still holds its lease.
func (a *administrator) deleteLeases(ctx context.Context) error {
	err := a.objects.Resource(leases).Namespace("kube-node-lease").
		DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("releasing the nodes of the last kwok: %w", err)
	}
	return nil
}

var leases = schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "leases"}

// nodesReady returns an error that names a node that is not ready yet.
func (a *administrator) nodesReady(ctx context.Context) error {
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
func ready(node *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(node.Object, "status", "conditions")
	return !slices.ContainsFunc(taintsOf(node), isSystems) && slices.ContainsFunc(conditions, func(condition any) bool {
		fields, _ := condition.(map[string]any)
		return fields["type"] == "Ready" && fields["status"] == "True"
	})
}

// defaultsReady returns an error until pods can be created: the controllers must first create the default service
// account that pods run as.
func (a *administrator) defaultsReady(ctx context.Context) error {
	err := a.Read(ctx, "/api/v1/namespaces/default/serviceaccounts/default", nil)
	if apierrors.IsNotFound(err) {
		return errors.New("the default service account does not exist yet")
	}
	return err
}
