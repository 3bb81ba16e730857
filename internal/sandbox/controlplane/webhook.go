package controlplane

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Webhook is an admission webhook of a program: the API server asks it before it creates or updates an object. The
// program serves it with TLS on the port of its name
// (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#url).
type Webhook struct {
	// Name is its qualified name, and that of the object that registers it.
	Name string
	// Does is what it does with the objects.
	Does Admission
	// Group, Version and Resource are the kind of the objects.
	Group, Version, Resource string
	// Path is the path at which it answers.
	Path string
}

// Admission is what a webhook does with an object: the beginning of the name of the kind that registers it.
type Admission string

// What a webhook may do.
const (
	Mutating   Admission = "Mutating"
	Validating Admission = "Validating"
)

// kind is the kind of the object that registers the webhook.
func (w Webhook) kind() schema.GroupVersionKind {
	return schema.GroupVersionKind{
		Group: "admissionregistration.k8s.io", Version: "v1", Kind: string(w.Does) + "WebhookConfiguration",
	}
}

// registered returns the objects that register the webhooks of a program.
func (p plan) registered(program Program) ([]*unstructured.Unstructured, error) {
	if len(program.Webhooks) == 0 {
		return nil, nil
	}
	authority, err := os.ReadFile(p.pki.cert(clusterAuthority))
	if err != nil {
		return nil, err
	}
	var all []*unstructured.Unstructured
	for _, webhook := range program.Webhooks {
		one := &unstructured.Unstructured{Object: map[string]any{"webhooks": []any{map[string]any{
			"name": webhook.Name,
			"clientConfig": map[string]any{
				"url":      p.url(program.Name) + webhook.Path,
				"caBundle": base64.StdEncoding.EncodeToString(authority),
			},
			"rules": []any{map[string]any{
				"apiGroups": []any{webhook.Group}, "apiVersions": []any{webhook.Version},
				"resources": []any{webhook.Resource}, "operations": []any{"CREATE", "UPDATE"},
			}},
			"failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": []any{"v1"},
		}}}}
		one.SetGroupVersionKind(webhook.kind())
		one.SetName(webhook.Name)
		all = append(all, one)
	}
	return all, nil
}

// unanswered returns the webhooks whose programs are not to run.
func (p plan) unanswered() []Webhook {
	var all []Webhook
	for _, program := range p.programs {
		if !slices.Contains(p.additional(), program.Name) {
			all = append(all, program.Webhooks...)
		}
	}
	return all
}

// unregister deletes the registration of a webhook while nothing answers there. Otherwise no object of its kind could
// be changed, and one that waits for its controller could never go.
func (a *administrator) unregister(ctx context.Context, webhook Webhook) error {
	resource, _ := meta.UnsafeGuessKindToResource(webhook.kind())
	err := a.objects.Resource(resource).Delete(ctx, webhook.Name, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("deleting the registration of the webhook %s: %w", webhook.Name, err)
	}
	return nil
}
