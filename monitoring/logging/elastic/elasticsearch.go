package elastic

import (
	"fmt"
	"maps"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// The kinds of ECK that the platform uses.
var (
	elasticsearchKind = kube.Kind{APIVersion: "elasticsearch.k8s.elastic.co/v1", Name: "Elasticsearch"}
	kibanaKind        = kube.Kind{APIVersion: "kibana.k8s.elastic.co/v1", Name: "Kibana"}
)

// zoneLabel is the label of the zone of a node (https://kubernetes.io/docs/reference/labels-annotations-taints).
const zoneLabel = "topology.kubernetes.io/zone"

// newElasticsearch registers the resource of Elasticsearch. The engine does not wait for its nodes: what comes next is
// the Job of the retention, which succeeds once they answer. ECK makes the StatefulSets, the Services, the certificates
// and a disruption budget that lets one healthy node go at a time.
func newElasticsearch(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	var sources pulumi.Array
	for _, user := range users {
		sources = append(sources, pulumi.Map{"secretName": pulumi.String(user.secret())})
	}
	var nodes pulumi.Array
	for _, zone := range zoned(args.Zones) {
		nodes = append(nodes, args.nodeSet(zone))
	}
	store, err := kube.NewCustomResource(ctx, name, elasticsearchKind,
		kube.Metadata(args.Namespace, Name, labels(Elasticsearch)), pulumi.Map{
			"version": pulumi.String(Version),
			"auth":    pulumi.Map{"fileRealm": sources, "roles": sources},
			// Volumes go with a node that is taken away, after its data was moved, and stay when all of it is deleted.
			"volumeClaimDeletePolicy": pulumi.String("DeleteOnScaledownOnly"),
			"updateStrategy": pulumi.Map{
				"changeBudget": pulumi.Map{"maxUnavailable": pulumi.Int(1), "maxSurge": pulumi.Int(0)},
			},
			"nodeSets": nodes,
		}, append(opts, pulumi.Protect(args.Protect))...)
	if err != nil {
		return nil, fmt.Errorf("creating the resource of Elasticsearch: %w", err)
	}
	return store, nil
}

// nodeSet returns the nodes of a zone. A set for each zone tells Elasticsearch where a node is, so that the copies of a
// line are in two zones; ECK would otherwise have to read the cluster's nodes.
func (a *Args) nodeSet(in zone) pulumi.Map {
	return pulumi.Map{
		"name":  pulumi.String(in.letter),
		"count": pulumi.Int(in.nodes),
		"config": pulumi.Map{
			// Memory maps need vm.max_map_count on the node, which only a privileged pod could raise
			// (https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/virtual-memory).
			"node.store.allow_mmap": pulumi.Bool(false),
			"node.attr.zone":        pulumi.String(in.name),
			"cluster.routing.allocation.awareness.attributes": pulumi.String("zone"),
			// Nothing here learns from lines, and nothing may be downloaded.
			"xpack.ml.enabled":                pulumi.Bool(false),
			"ingest.geoip.downloader.enabled": pulumi.Bool(false),
		},
		"podTemplate": pulumi.Map{
			"metadata": pulumi.Map{"labels": podLabels(Elasticsearch)},
			"spec":     a.elasticsearchPod(in),
		},
		"volumeClaimTemplates": pulumi.Array{a.claim()},
	}
}

func (a *Args) elasticsearchPod(in zone) pulumi.Map {
	return withDefaults(Elasticsearch, pulumi.Map{
		"requests": quantities(Requests()), "limits": quantities(limits(Requests(), "2")),
	}, pulumi.Map{
		"affinity": pulumi.Map{"nodeAffinity": pulumi.Map{
			"requiredDuringSchedulingIgnoredDuringExecution": pulumi.Map{"nodeSelectorTerms": pulumi.Array{pulumi.Map{
				"matchExpressions": pulumi.Array{pulumi.Map{
					"key": pulumi.String(zoneLabel), "operator": pulumi.String("In"),
					"values": pulumi.ToStringArray([]string{in.name}),
				}},
			}}},
		}},
	})
}

// withDefaults returns a pod that meets the Pod Security Standard "restricted". ECK gives its init containers the same
// settings by itself
// (https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/nodespec/podspec.go). It tolerates
// no taint, so that it never runs on a spot node.
func withDefaults(container string, resources, more pulumi.Map) pulumi.Map {
	security := ofImage()
	security.FsGroupChangePolicy = pulumi.String("OnRootMismatch")
	pod := pulumi.Map{
		"automountServiceAccountToken": pulumi.Bool(false),
		"enableServiceLinks":           pulumi.Bool(false),
		"priorityClassName":            pulumi.String(string(catalogue.Standard)),
		"securityContext":              security,
		"containers": pulumi.Array{pulumi.Map{
			"name":            pulumi.String(container),
			"resources":       resources,
			"securityContext": kube.RestrictedContainer(),
		}},
	}
	maps.Copy(pod, more)
	return pod
}

// imageUser is the user and the group that own the files in the images.
const imageUser = 1000

// ofImage returns the security context of a pod that runs as that user, and may read its volumes.
func ofImage() *corev1.PodSecurityContextArgs {
	security := kube.RestrictedPod(imageUser)
	security.FsGroup = pulumi.Int(imageUser)
	return security
}

// limits returns the requests with more CPU: a start takes more of it than any hour after. The memory is the same, of
// which the programs take their share when they start.
func limits(requests catalogue.Amounts, cpu string) catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse(cpu), Memory: requests.Memory}
}

func quantities(of catalogue.Amounts) pulumi.StringMap {
	return pulumi.StringMap{"cpu": pulumi.String(of.CPU.String()), "memory": pulumi.String(of.Memory.String())}
}

// claim returns the claim of a node. ECK mounts the one of this name.
func (a *Args) claim() pulumi.Map {
	spec := pulumi.Map{
		"accessModes": pulumi.ToStringArray([]string{"ReadWriteOnce"}),
		"resources":   pulumi.Map{"requests": pulumi.StringMap{"storage": pulumi.String(a.Storage.String())}},
	}
	if a.StorageClass != "" {
		spec["storageClassName"] = pulumi.String(a.StorageClass)
	}
	return pulumi.Map{
		"metadata": pulumi.Map{"name": pulumi.String("elasticsearch-data"), "labels": podLabels(Elasticsearch)},
		"spec":     spec,
	}
}

// newKibana registers the resource of Kibana, which keeps nothing itself. It is reached through the API server alone,
// with kubectl port-forward, and knows its users from Elasticsearch.
func newKibana(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) error {
	metadata := kube.Metadata(args.Namespace, Name, labels(Kibana))
	_, err := kube.NewCustomResource(ctx, name, kibanaKind, metadata, pulumi.Map{
		"version":          pulumi.String(Version),
		"count":            pulumi.Int(1),
		"elasticsearchRef": pulumi.Map{"name": pulumi.String(Name)},
		"config": pulumi.Map{
			// It reaches nobody but Elasticsearch.
			"telemetry.enabled": pulumi.Bool(false),
			"newsfeed.enabled":  pulumi.Bool(false),
		},
		"podTemplate": pulumi.Map{
			"metadata": pulumi.Map{"labels": podLabels(Kibana)},
			"spec": withDefaults(Kibana, pulumi.Map{
				"requests": quantities(KibanaRequests()), "limits": quantities(limits(KibanaRequests(), "1")),
			}, nil),
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("creating the resource of Kibana: %w", err)
	}
	return nil
}

// indented indents every line by two.
func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
