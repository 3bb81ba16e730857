// Package eck holds the known facts about the kinds of the operator ECK, and a stand-in for it. ECK is under the
// Elastic License: nothing of it is built here, and its definitions are not copied. The facts were read in public
// files, whose addresses are next to them.
package eck

import (
	_ "embed"

	"github.com/dreamseed/platform/internal/sandbox/definition"
)

// Kinds returns the kinds that the platform uses.
func Kinds() []definition.Kind {
	return []definition.Kind{
		{
			Group: "elasticsearch.k8s.elastic.co", Name: "Elasticsearch", Plural: "elasticsearches",
			Source: "https://github.com/datreeio/CRDs-catalog/blob/0d9172d4852c005a8ead184eebd484b786d7ccb1/" +
				"elasticsearch.k8s.elastic.co/elasticsearch_v1.json",
			Fields: map[string]definition.Type{
				"version":                                    definition.String,
				"auth.fileRealm[].secretName":                definition.String,
				"auth.roles[].secretName":                    definition.String,
				"volumeClaimDeletePolicy":                    definition.String,
				"updateStrategy.changeBudget.maxUnavailable": definition.Integer,
				"updateStrategy.changeBudget.maxSurge":       definition.Integer,
				"nodeSets[].name":                            definition.String,
				"nodeSets[].count":                           definition.Integer,
				"nodeSets[].config":                          definition.Open,
				"nodeSets[].podTemplate":                     definition.Pod,
				"nodeSets[].volumeClaimTemplates[]":          definition.Claim,
			},
		},
		{
			Group: "kibana.k8s.elastic.co", Name: "Kibana", Plural: "kibanas",
			Source: "https://github.com/datreeio/CRDs-catalog/blob/12638ccc9f2d9f9a9842da3a630b44e79a005212/" +
				"kibana.k8s.elastic.co/kibana_v1.json",
			Fields: map[string]definition.Type{
				"version":               definition.String,
				"count":                 definition.Integer,
				"elasticsearchRef.name": definition.String,
				"config":                definition.Open,
				"podTemplate":           definition.Pod,
			},
		},
	}
}

//go:embed rights.yaml
var rights []byte

// Manifests returns the definitions, and the rights of the stand-in, in YAML.
func Manifests() []byte { return definition.Manifests(Kinds(), rights) }
