// Package eck holds the known facts about the kinds of the operator ECK, and a stand-in for it. ECK is under the
// Elastic License: nothing of it is built here, and its definitions are not copied. The facts were read in public
// files, whose addresses are next to them.
package eck

import (
	"maps"
	"slices"
)

// Type is the type of a field.
type Type string

// The types.
const (
	String  Type = "string"
	Integer Type = "integer"
	// Open is an object of any fields: settings that the program reads itself.
	Open Type = "settings"
	// Pod is a template of a pod, and Claim a volume claim, as Kubernetes has them.
	Pod   Type = "pod template"
	Claim Type = "volume claim"
)

// Kind is a kind of ECK, with the fields that the platform sets.
type Kind struct {
	// Group, Name and Plural name the kind. Its version is v1.
	Group, Name, Plural string
	// Source is the address of the definition that the facts were read in.
	Source string
	// Fields maps the path of each known field below spec to its type. [] stands for each element of a list.
	Fields map[string]Type
}

// Kinds returns the kinds that the platform uses.
func Kinds() []Kind {
	return []Kind{
		{
			Group: "elasticsearch.k8s.elastic.co", Name: "Elasticsearch", Plural: "elasticsearches",
			Source: "https://github.com/datreeio/CRDs-catalog/blob/0d9172d4852c005a8ead184eebd484b786d7ccb1/" +
				"elasticsearch.k8s.elastic.co/elasticsearch_v1.json",
			Fields: map[string]Type{
				"version":                                    String,
				"auth.fileRealm[].secretName":                String,
				"auth.roles[].secretName":                    String,
				"volumeClaimDeletePolicy":                    String,
				"updateStrategy.changeBudget.maxUnavailable": Integer,
				"updateStrategy.changeBudget.maxSurge":       Integer,
				"nodeSets[].name":                            String,
				"nodeSets[].count":                           Integer,
				"nodeSets[].config":                          Open,
				"nodeSets[].podTemplate":                     Pod,
				"nodeSets[].volumeClaimTemplates[]":          Claim,
			},
		},
		{
			Group: "kibana.k8s.elastic.co", Name: "Kibana", Plural: "kibanas",
			Source: "https://github.com/datreeio/CRDs-catalog/blob/12638ccc9f2d9f9a9842da3a630b44e79a005212/" +
				"kibana.k8s.elastic.co/kibana_v1.json",
			Fields: map[string]Type{
				"version":               String,
				"count":                 Integer,
				"elasticsearchRef.name": String,
				"config":                Open,
				"podTemplate":           Pod,
			},
		},
	}
}

// Paths returns the paths of the fields, sorted.
func (k Kind) Paths() []string { return slices.Sorted(maps.Keys(k.Fields)) }
