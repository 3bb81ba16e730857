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
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// manifests returns the objects that the programs beside the API server need in it, in the order in which they are
// applied.
func (p plan) manifests(l layout.Layout) ([]object, error) {
	var all []object
	for _, program := range p.programs {
		if !slices.Contains(p.spec.Programs, program.Name) {
			continue
		}
		objects, err := program.objects(l)
		if err != nil {
			return nil, fmt.Errorf("reading what %s needs: %w", program.Name, err)
		}
		all = append(all, objects...)
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
func (p Program) objects(l layout.Layout) ([]object, error) {
	carried, err := carriedManifests(l.Manifests(p.Name))
	if err != nil {
		return nil, err
	}
	ours, err := parseManifests(p.Manifests)
	return append(carried, ours...), err
}

// carriedManifests returns the objects in the files that were copied from an operator's module.
func carriedManifests(folder string) ([]object, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("%w: build the sandbox's programs again", err)
	}
	var all []object
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

func parseManifests(data []byte) ([]object, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(withoutTemplate(data)))
	var all []object
	for {
		var o map[string]any
		err := decoder.Decode(&o)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if len(o) > 0 { // an empty document between two separators
			all = append(all, o)
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

// kinds maps the kinds that manifests may have to their paths; {namespace} stands for the object's namespace.
var kinds = map[string]string{
	"APIService":               "/apis/apiregistration.k8s.io/v1/apiservices",
	"ClusterRole":              "/apis/rbac.authorization.k8s.io/v1/clusterroles",
	"ClusterRoleBinding":       "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
	"CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
	"IngressClass":             "/apis/networking.k8s.io/v1/ingressclasses",
	"Namespace":                "/api/v1/namespaces",
	"Role":                     "/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/roles",
	"RoleBinding":              "/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings",
	"Service":                  "/api/v1/namespaces/{namespace}/services",
}

// path returns the object's path in the API.
func (o object) path() (string, error) {
	collection, ok := kinds[o.text("kind")]
	if !ok {
		return "", fmt.Errorf("the sandbox knows no path for the kind %q", o.text("kind"))
	}
	metadata := o.field("metadata")
	return strings.Replace(collection, "{namespace}", metadata.text("namespace"), 1) + "/" + metadata.text("name"), nil
}

// applyManifests applies the objects that changed since they were last applied, and returns when the API server serves
// their kinds.
func (a api) applyManifests(ctx context.Context, manifests []object) error {
	for _, manifest := range manifests {
		if err := a.applyManifest(ctx, manifest); err != nil {
			name := manifest.field("metadata").text("name")
			return fmt.Errorf("applying %s %s: %w", manifest.text("kind"), name, err)
		}
	}
	return nil
}

// fieldManager sets the sandbox's field manager for server-side apply.
const fieldManager = "?fieldManager=dreamseed-sandbox&force=true"

func (a api) applyManifest(ctx context.Context, manifest object) error {
	path, err := manifest.path()
	if err != nil {
		return err
	}
	digest, err := manifest.digest()
	if err != nil {
		return err
	}
	var live object
	err = a.metadata(ctx, path, &live)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return err
	}
	if live.annotation(specAnnotation) == digest {
		return nil
	}
	manifest.field("metadata").field("annotations")[specAnnotation] = digest
	return a.do(ctx, http.MethodPatch, path+fieldManager, manifest, nil)
}

// digest returns a digest of the object's content.
func (o object) digest() (string, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8]), nil
}

func (o object) annotation(key string) string {
	if o == nil {
		return ""
	}
	return o.field("metadata").field("annotations").text(key)
}

// kindsServed returns an error that names a kind of the manifests that the API server does not serve yet. It asks for
// the served resources, not for objects: the first request for objects costs the API server a cache for each kind.
func (a api) kindsServed(ctx context.Context, manifests []object) error {
	served := map[string]map[string]bool{}
	for _, manifest := range manifests {
		if manifest.text("kind") != "CustomResourceDefinition" {
			continue
		}
		spec := manifest.field("spec")
		version := spec.text("group") + "/" + servedVersion(spec)
		if served[version] == nil {
			var err error
			if served[version], err = a.served(ctx, version); err != nil {
				return fmt.Errorf("asking what of %s is served: %w", version, err)
			}
		}
		if !served[version][spec.field("names").text("plural")] {
			return fmt.Errorf("%s is not served yet", manifest.field("metadata").text("name"))
		}
	}
	return nil
}

// served returns the kinds of a group version, by their names in paths, or none if the group version does not exist.
func (a api) served(ctx context.Context, version string) (map[string]bool, error) {
	var answer struct {
		Resources []struct {
			Name string `json:"name"`
		} `json:"resources"`
	}
	err := a.do(ctx, http.MethodGet, "/apis/"+version, nil, &answer)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return nil, err
	}
	names := map[string]bool{}
	for _, resource := range answer.Resources {
		names[resource.Name] = true
	}
	return names, nil
}

// servedVersion returns a version in which a kind is served.
func servedVersion(spec object) string {
	for _, version := range spec.list("versions") {
		fields, _ := version.(map[string]any)
		if served, _ := fields["served"].(bool); served {
			return object(fields).text("name")
		}
	}
	return ""
}

// systemReady returns an error until the API server has created its own namespace.
func (a api) systemReady(ctx context.Context) error {
	return a.do(ctx, http.MethodGet, "/api/v1/namespaces/"+systemNamespace, nil, nil)
}

// forgetMetricsAPI deletes metrics-server's APIService while nothing answers there. Otherwise no namespace could be
// deleted and no kind discovered, because the API server would wait for an answer.
func (a api) forgetMetricsAPI(ctx context.Context) error {
	path := kinds["APIService"] + "/" + metricsAPIService
	err := a.do(ctx, http.MethodDelete, path, nil, nil)
	if err != nil && !isStatus(err, http.StatusNotFound) {
		return fmt.Errorf("deleting the APIService %s: %w", metricsAPIService, err)
	}
	return nil
}
