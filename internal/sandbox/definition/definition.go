package definition

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// object is a Kubernetes object or a part of one.
type object = map[string]any

// StandIn is the annotation that says on each definition that it is none of the operator's own.
const StandIn = "dreamseed.ai/stand-in"

// Definition returns a stand-in for the definition of the kind, made of the facts alone: an API server with it keeps
// what the facts know, and drops any other field.
func (k Kind) Definition() map[string]any {
	root := object{"type": "object", "properties": object{"status": open()}}
	for _, path := range k.Paths() {
		put(root, strings.Split("spec."+path, "."), k.Fields[path])
	}
	return object{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": object{
			"name":        k.Plural + "." + k.Group,
			"annotations": object{StandIn: "made of facts about " + k.Source},
		},
		"spec": object{
			"group": k.Group, "scope": "Namespaced",
			"names": object{
				"kind": k.Name, "listKind": k.Name + "List", "plural": k.Plural, "singular": strings.ToLower(k.Name),
			},
			"versions": []any{object{
				"name": "v1", "served": true, "storage": true,
				"schema":       object{"openAPIV3Schema": root},
				"subresources": object{"status": object{}},
			}},
		},
	}
}

// open returns the schema of an object of any fields.
func open() object { return object{"type": "object", "x-kubernetes-preserve-unknown-fields": true} }

// put adds the field at a path below the schema of an object.
func put(below object, path []string, of Type) {
	name, isList := strings.CutSuffix(path[0], "[]")
	fields := within(below, "properties")
	if len(path) == 1 && !isList {
		fields[name] = of.schema()
		return
	}
	inner := within(fields, name)
	if isList {
		inner["type"] = "array"
		if len(path) == 1 {
			inner["items"] = of.schema()
			return
		}
		inner = within(inner, "items")
	}
	inner["type"] = "object"
	put(inner, path[1:], of)
}

// within returns the object under a key, which it creates where there is none.
func within(parent object, key string) object {
	if _, found := parent[key]; !found {
		parent[key] = object{}
	}
	return parent[key].(object)
}

func (t Type) schema() object {
	if t == String || t == Integer || t == Boolean {
		return object{"type": string(t)}
	}
	return open()
}

// Manifests returns the definitions of the kinds, and the rights of the stand-in after them, in YAML.
func Manifests(kinds []Kind, rights []byte) []byte {
	var all bytes.Buffer
	for _, kind := range kinds {
		text, _ := yaml.Marshal(kind.Definition()) // strings, and therefore no error
		all.Write(text)
		all.WriteString("---\n")
	}
	all.Write(rights)
	return all.Bytes()
}
