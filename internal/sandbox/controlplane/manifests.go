package controlplane

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// manifests returns the objects that the programs beside the API server need in it, in the order in which they are
// applied.
func (p plan) manifests(l layout.Layout) ([]*unstructured.Unstructured, error) {
	var all []*unstructured.Unstructured
	for _, program := range p.programs {
		if !slices.Contains(p.spec.Programs, program.Name) {
			continue
		}
		objects, err := program.objects(l)
		if err != nil {
			return nil, fmt.Errorf("reading what %s needs: %w", program.Name, err)
		}
		all = append(all, objects...)
		registered, err := p.registered(program)
		if err != nil {
			return nil, fmt.Errorf("registering the webhooks of %s: %w", program.Name, err)
		}
		all = append(all, registered...)
		if program.Aggregated.Group == "" {
			continue
		}
		forwarded, err := p.apiService(program.Name, program.Aggregated)
		if err != nil {
			return nil, fmt.Errorf("forwarding requests to %s: %w", program.Name, err)
		}
		all = append(all, forwarded)
	}
	if !p.spec.Metrics {
		return all, nil
	}
	objects, err := p.metricsObjects()
	if err != nil {
		return nil, fmt.Errorf("reading what %s needs: %w", metricsServer, err)
	}
	return append(all, objects...), nil
}

// objects returns the objects of a program: those of its module, and ours.
func (p Program) objects(l layout.Layout) ([]*unstructured.Unstructured, error) {
	var carried []*unstructured.Unstructured
	if p.Carried != "" {
		var err error
		if carried, err = carriedManifests(filepath.Join(l.Bin, p.Carried)); err != nil {
			return nil, err
		}
	}
	ours, err := parseManifests(p.Manifests)
	return append(carried, ours...), err
}

// carriedManifests returns the objects in the files that were copied from an operator's module.
func carriedManifests(folder string) ([]*unstructured.Unstructured, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("%w: build the sandbox's programs again", err)
	}
	var all []*unstructured.Unstructured
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			return nil, err
		}
		objects, err := parseManifests(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
		all = append(all, objects...)
	}
	return all, nil
}

func parseManifests(data []byte) ([]*unstructured.Unstructured, error) {
	decoder := yaml.NewYAMLToJSONDecoder(bytes.NewReader(withoutTemplate(data)))
	var all []*unstructured.Unstructured
	for {
		one := &unstructured.Unstructured{}
		err := decoder.Decode(&one.Object)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(one.Object) > 0 { // an empty document between two separators
			all = append(all, one)
		}
	}
}

// withoutTemplate removes the Helm template lines: cert-manager publishes its CRDs as a template of its chart, in which
// these lines are comments and the values of labels that name the object's chart.
func withoutTemplate(data []byte) []byte {
	var kept []string
	for _, line := range strings.Split(string(data), "\n") {
		if !strings.Contains(line, "{{") {
			kept = append(kept, line)
		}
	}
	return []byte(strings.Join(kept, "\n"))
}

const systemNamespace = "kube-system"

// applyManifests applies the objects that changed since they were last applied.
func (a *administrator) applyManifests(ctx context.Context, manifests []*unstructured.Unstructured) error {
	for _, manifest := range manifests {
		if err := a.applyManifest(ctx, manifest); err != nil {
			return fmt.Errorf("applying %s %s: %w", manifest.GetKind(), manifest.GetName(), err)
		}
	}
	return nil
}

// fieldManager is the sandbox's field manager for server-side apply.
const fieldManager = "dreamseed-sandbox"

func (a *administrator) applyManifest(ctx context.Context, manifest *unstructured.Unstructured) error {
	digest, err := digestOf(manifest.Object)
	if err != nil {
		return err
	}
	// By the rule that every kind here follows: discovery would import every API group.
	resource, _ := meta.UnsafeGuessKindToResource(manifest.GroupVersionKind())
	namespace, name := manifest.GetNamespace(), manifest.GetName()
	live, err := a.metadata.Resource(resource).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	if err == nil && live.Annotations[specAnnotation] == digest {
		return nil
	}
	wanted := manifest.DeepCopy()
	annotate(wanted, specAnnotation, digest)
	_, err = a.objects.Resource(resource).Namespace(namespace).Apply(ctx, name, wanted,
		metav1.ApplyOptions{FieldManager: fieldManager, Force: true})
	return err
}

// digestOf returns a digest of an object's content.
func digestOf(content any) (string, error) {
	data, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8]), nil
}

func annotate(one *unstructured.Unstructured, key, value string) {
	annotations := one.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[key] = value
	one.SetAnnotations(annotations)
}

// kindsServed returns an error that names a kind of the manifests that the API server does not serve yet. It asks for
// the served resources, not for objects: the first request for objects costs the API server a cache for each kind.
func (a *administrator) kindsServed(ctx context.Context, manifests []*unstructured.Unstructured) error {
	served := map[string]map[string]bool{}
	for _, manifest := range manifests {
		if manifest.GetKind() != "CustomResourceDefinition" {
			continue
		}
		group, _, _ := unstructured.NestedString(manifest.Object, "spec", "group")
		plural, _, _ := unstructured.NestedString(manifest.Object, "spec", "names", "plural")
		version := group + "/" + servedVersion(manifest)
		if served[version] == nil {
			var err error
			if served[version], err = a.served(ctx, version); err != nil {
				return fmt.Errorf("asking what of %s is served: %w", version, err)
			}
		}
		if !served[version][plural] {
			return fmt.Errorf("%s is not served yet", manifest.GetName())
		}
	}
	return nil
}

// served returns the kinds of a group version, by their names in paths, or none if the group version does not exist.
func (a *administrator) served(ctx context.Context, version string) (map[string]bool, error) {
	var answer metav1.APIResourceList
	if err := a.Read(ctx, "/apis/"+version, &answer); err != nil && !apierrors.IsNotFound(err) {
		return nil, err
	}
	names := map[string]bool{}
	for _, resource := range answer.APIResources {
		names[resource.Name] = true
	}
	return names, nil
}

// servedVersion returns a version in which a kind is served.
func servedVersion(definition *unstructured.Unstructured) string {
	versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
	for _, version := range versions {
		fields, _ := version.(map[string]any)
		if served, _, _ := unstructured.NestedBool(fields, "served"); served {
			name, _, _ := unstructured.NestedString(fields, "name")
			return name
		}
	}
	return ""
}

// systemReady returns an error until the API server has created its own namespace.
func (a *administrator) systemReady(ctx context.Context) error {
	return a.Read(ctx, "/api/v1/namespaces/"+systemNamespace, nil)
}
