package render

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"sigs.k8s.io/yaml"
)

// object is a Kubernetes object with the content of its file.
type object struct {
	apiVersion, kind, namespace, name string
	// ofStore reports whether the object belongs to a data store.
	ofStore bool
	content any
}

// newObject returns the object of a resource as the program wrote it, without what concerns Pulumi alone: the fields
// that it ignores because somebody else owns them, such as the replica count of an autoscaler, and the annotations that
// tell the provider how to wait.
func newObject(one apitype.ResourceV3) (object, error) {
	fields := resource.NewProperty(resource.NewPropertyMapFromMap(one.Inputs))
	for _, ignored := range one.IgnoreChanges {
		where, err := resource.ParsePropertyPath(ignored)
		if err != nil {
			return object{}, fmt.Errorf("reading ignoreChanges of %s: %w", one.URN, err)
		}
		where.Delete(fields)
	}
	content, _ := fields.Mappable().(map[string]any)
	forgetPulumi(content)
	return object{
		apiVersion: text(content, "apiVersion"), kind: text(content, "kind"),
		namespace: text(content, "metadata", "namespace"), name: text(content, "metadata", "name"),
		ofStore: strings.Contains(string(one.URN.QualifiedType()), storeComponent),
		content: content,
	}, nil
}

// storeComponent is the type of the component of all data stores, as the types of what belongs to it begin.
const storeComponent = "dreamseed:data:Data$"

// ofPulumi begins the annotations that the Kubernetes provider obeys
// (https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations).
const ofPulumi = "pulumi.com/"

// forgetPulumi removes the annotations that would mislead a reader once Pulumi no longer deploys the object. The live
// object keeps them: server-side apply removes only what the same manager wrote, so their absence is no difference.
func forgetPulumi(content map[string]any) {
	metadata, _ := content["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	for key := range annotations {
		if strings.HasPrefix(key, ofPulumi) {
			delete(annotations, key)
		}
	}
	if len(annotations) == 0 {
		delete(metadata, "annotations")
	}
}

// inOrder compares two objects by stage, kind, namespace and name.
func inOrder(a, b object) int {
	return cmp.Or(cmp.Compare(a.stage(), b.stage()), cmp.Compare(a.file(), b.file()))
}

// unusual are characters that a file name should not have: the names of roles may hold a colon.
var unusual = regexp.MustCompile("[^a-z0-9.-]")

// file returns the path of the object's file: its stage, so that the folder is read in the order in which it is
// applied, and what names it, so that another object changes no name.
func (o object) file() string {
	folder := objectsFolder
	if o.kind == applicationKind {
		folder = releasesFolder
	}
	parts := slices.DeleteFunc([]string{fmt.Sprintf("%02d", o.stage()), o.kind, o.namespace, o.name}, isEmpty)
	return path.Join(folder, unusual.ReplaceAllString(strings.ToLower(strings.Join(parts, "-")), "-")+".yaml")
}

// add adds a file with a YAML document.
func (r *Rendering) add(file string, content any) error {
	written, err := yaml.Marshal(content)
	if err != nil {
		return fmt.Errorf("rendering %s: %w", file, err)
	}
	r.Files[file] = string(written)
	return nil
}
