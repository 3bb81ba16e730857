// Package elastic keeps log lines in Elasticsearch 9 and shows them in Kibana 9. The operator ECK
// (https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s) runs both from their custom resources. Neither was
// ever run by this repository's tests: docs/logs.md says what was checked instead.
package elastic

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Version is the version of Elasticsearch and of Kibana, which must be the same. A change restarts one node after the
// other; the collectors hold what comes meanwhile. ECK refuses a lower one: the data could not be read.
const Version = "9.4.5"

// Name is the name of the custom resources. ECK derives the names of what it makes from it: logs-es-http is the Service
// of Elasticsearch.
const Name = "logs"

// Ports of the programs.
const (
	// Port is the port of Elasticsearch's API.
	Port = 9200
	// PeerPort is the port on which its nodes talk to each other.
	PeerPort = 9300
	// KibanaPort is the port of Kibana's pages.
	KibanaPort = 5601
)

// Labels app.kubernetes.io/name of the pods, as policies select them.
const (
	Elasticsearch = "elasticsearch"
	Kibana        = "kibana"
	Lifecycle     = "logs-lifecycle"
)

const (
	// Nodes is the number of nodes of Elasticsearch: the fewest that elect a leader when one of them is lost
	// (https://www.elastic.co/docs/deploy-manage/production-guidance/availability-and-resilience).
	Nodes = 3
	// Copies is the number of copies of each line, in two zones: the default of one replica.
	Copies = 2
	// IndexOverhead is what the index adds to the lines, on the safe side: Elasticsearch 9 compresses log data streams by
	// default (logsdb), and takes less for most
	// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-storage.html counts a tenth).
	IndexOverhead = 1.1
	// Watermark is the share of a disk beyond which Elasticsearch puts no further data on a node
	// (cluster.routing.allocation.disk.watermark.low, among the settings of
	// https://www.elastic.co/docs/reference/elasticsearch/configuration-reference).
	Watermark = 0.85
)

// URL returns the address under which the pods of the cluster reach Elasticsearch. The certificate that ECK makes is
// for this name (https://www.elastic.co/docs/deploy-manage/security/k8s-https-settings).
func URL(namespace string) string {
	return fmt.Sprintf("https://%s-es-http.%s.svc:%d", Name, namespace, Port)
}

// Requests returns what a node of Elasticsearch requests. It takes half of its memory for its heap.
func Requests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("1"), Memory: resource.MustParse("4Gi")}
}

// KibanaRequests returns what Kibana requests.
func KibanaRequests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("200m"), Memory: resource.MustParse("1Gi")}
}

// Args describes the Elasticsearch of an environment.
type Args struct {
	// Namespace is the namespace of everything but what the collectors read.
	Namespace string
	// CollectorNamespace is the namespace of the collectors, which read their password and the authority there.
	CollectorNamespace string
	// Zones are the zones of the nodes. A change moves nodes, with their data, one after the other.
	Zones []string
	// RetentionDays is how long lines are kept. A change holds for what is there, too.
	RetentionDays int
	// Storage is the size of each node's claim. A larger size grows the volumes in place; ECK refuses a smaller one.
	Storage resource.Quantity
	// StorageClass is the class of the claims. Empty means the cluster's default. ECK refuses a change.
	StorageClass string
	// Protect refuses every change that would delete or replace the resource of Elasticsearch.
	Protect bool
	// DeadlineSeconds is how long External Secrets may take to write a Secret.
	DeadlineSeconds int
	// After lists the resources that must exist first: the namespaces with their policies, the priority classes, and the
	// operators.
	After []pulumi.Resource
}

// Elastic is a running Elasticsearch with Kibana.
type Elastic struct {
	pulumi.ResourceState

	// Ready lists what must exist before a collector starts: what it signs in with, and the retention. An index that is
	// older than its retention would keep the default, which is for ever.
	Ready []pulumi.Resource
}

// New registers Elasticsearch and Kibana.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Elastic, error) {
	store := &Elastic{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Elastic", name, store, opts...); err != nil {
		return nil, fmt.Errorf("registering Elasticsearch: %w", err)
	}
	if err := store.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Elasticsearch: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(store, pulumi.Map{"url": pulumi.String(URL(args.Namespace))}); err != nil {
		return nil, fmt.Errorf("registering the outputs of Elasticsearch: %w", err)
	}
	return store, nil
}

// build registers the users before Elasticsearch, and its lifecycle once it answers.
func (e *Elastic) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(e), pulumi.DependsOn(args.After)}
	var drawn []pulumi.Resource
	for _, user := range users {
		secret, err := newUser(ctx, name+"-"+user.name, args, user, child...)
		if err != nil {
			return fmt.Errorf("creating the user %s: %w", user.name, err)
		}
		drawn = append(drawn, secret)
	}
	store, err := newElasticsearch(ctx, name+"-elasticsearch", args, append(child, pulumi.DependsOn(drawn))...)
	if err != nil {
		return err
	}
	running := slices.Concat(child, []pulumi.ResourceOption{pulumi.DependsOn([]pulumi.Resource{store})})
	if err := newKibana(ctx, name+"-kibana", args, running...); err != nil {
		return err
	}
	applied, err := newLifecycle(ctx, name+"-lifecycle", args, running...)
	if err != nil {
		return err
	}
	carried, err := newCarrier(ctx, name+"-carrier", args, store, child...)
	if err != nil {
		return err
	}
	e.Ready = []pulumi.Resource{applied, carried}
	return nil
}

// labels returns the labels of what belongs to a program.
func labels(program string) pulumi.StringMap { return kube.WorkloadLabels(program) }

// podLabels returns the labels of the pods that ECK makes. It manages them, not Pulumi.
func podLabels(program string) pulumi.StringMap {
	all := labels(program)
	delete(all, kube.ManagedByLabel)
	return all
}

// zoned returns the zones that have nodes, with the number of nodes in each.
func zoned(zones []string) []zone {
	var all []zone
	for i := range Nodes {
		name := zones[i%len(zones)]
		at := slices.IndexFunc(all, func(one zone) bool { return one.name == name })
		if at < 0 {
			all = append(all, zone{name: name, letter: string("abc"[i])})
			at = len(all) - 1
		}
		all[at].nodes++
	}
	return all
}

// zone is a zone with nodes of Elasticsearch. The letter names them: the name of a zone may be too long.
type zone struct {
	name, letter string
	nodes        int
}
