// Package prometheus runs Prometheus (https://prometheus.io/docs): one replica or two, which scrape and evaluate the
// same, each for itself.
package prometheus

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

// Image is the image of Prometheus. The version is exact, without a digest: the tests run the module of this version,
// and its image cannot be looked up where they run. A change restarts the replicas, one after the other.
const Image = "quay.io/prometheus/prometheus:v3.16.0"

// Port is the port of the API, the pages and the metrics.
const Port = 9090

// Name is the name of the ServiceAccount, of the Service over all replicas, and of their pods, as policies select them.
const Name = "prometheus"

// Credential is a key of a Secret that Prometheus reads as a file in CredentialsPath.
type Credential = replica.Credential

// Args describes the Prometheus of an environment.
type Args struct {
	// Namespace is the namespace of everything but the Roles.
	Namespace string
	// Replicas is 1 or 2. The second is prometheus-b, in another zone, changed after the first. Removing it removes its
	// claim, too, which is refused while Protect is on.
	Replicas int
	// Storage is the size of a replica's claim. A larger size grows the volumes in place; a smaller one is refused.
	Storage resource.Quantity
	// StorageClass is the class of the claims. Empty means the cluster's default. A change replaces the claims, which is
	// refused while Protect is on.
	StorageClass string
	// Protect refuses every change that would delete or replace a claim.
	Protect bool
	// Config returns the configuration file of a replica, a or b. A change is read again without a restart.
	Config func(replica string) (string, error)
	// Rules are the rule files by name; each name ends in .yml. A change is read again without a restart.
	Rules map[string]string
	// Credentials are what remote write authenticates with. A further one restarts the replicas; a changed value does not.
	Credentials []Credential
	// Scraped are the namespaces in which Prometheus discovers pods. It may list pods there and nothing else.
	Scraped []string
	// MemoryRequest is a replica's memory request. The limit is twice as much, for the replay of the log.
	MemoryRequest resource.Quantity
	// After lists the resources that must exist first, such as the namespaces, the priority classes and the Secrets.
	After []pulumi.Resource
}

// Prometheus is the running Prometheus.
type Prometheus struct {
	pulumi.ResourceState

	// URL is the address under which other pods of the cluster reach it, whichever replica answers.
	URL string
	// Objects are the resources that are complete once every replica answers.
	Objects []pulumi.Resource
}

// New registers Prometheus.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Prometheus, error) {
	prometheus := &Prometheus{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Prometheus", name, prometheus, opts...); err != nil {
		return nil, fmt.Errorf("registering Prometheus: %w", err)
	}
	if err := prometheus.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Prometheus: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(prometheus, pulumi.Map{"url": pulumi.String(prometheus.URL)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of Prometheus: %w", err)
	}
	return prometheus, nil
}

func (p *Prometheus) build(ctx *pulumi.Context, name string, args *Args) error {
	child := pulumi.Parent(p)
	letters, err := replica.Letters(args.Replicas)
	if err != nil {
		return err
	}
	granted, err := newPermissions(ctx, name, args, child, pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	mounted, err := newFiles(ctx, name, args, letters, child, pulumi.DependsOn(args.After))
	if err != nil {
		return err
	}
	program := newProgram(args, granted)
	p.URL = fmt.Sprintf("http://%s:%d", program.Host(Name), Port)
	set, err := replica.NewSet(ctx, name, &replica.SetArgs{
		Program: program,
		Letters: letters,
		Own: func(letter string) replica.Own {
			return replica.Own{Arguments: arguments(p.URL), Directories: mounted(letter)}
		},
	}, child)
	if err != nil {
		return err
	}
	p.Objects = set.Objects
	return nil
}

// newProgram describes the replicas, which start once their permissions are granted.
func newProgram(args *Args, granted []pulumi.Resource) *replica.Program {
	return &replica.Program{
		Name:      Name,
		Namespace: args.Namespace,
		Image:     Image,
		Ports:     []replica.Port{{Name: replica.HTTP, Number: Port, Protocol: "TCP"}},
		Health:    replica.LikePrometheus(),
		Requests:  catalogue.Amounts{CPU: resource.MustParse("250m"), Memory: args.MemoryRequest},
		Volume: replica.Volume{
			Size: args.Storage, Class: args.StorageClass, Protect: args.Protect, Path: dataPath,
		},
		GraceSeconds: graceSeconds,
		Token:        true,
		After:        slices.Concat(granted, args.After),
	}
}

// graceSeconds is longer than Prometheus goes on sending to a remote store when it stops: one minute
// (https://prometheus.io/docs/prometheus/latest/command-line/prometheus).
const graceSeconds = 120

// arguments returns the command line (https://prometheus.io/docs/prometheus/latest/command-line/prometheus). Files are
// read again when they change, so that nobody need ask for it over the network: --web.enable-lifecycle stays off. All
// replicas name the same address in their alerts, whichever raised it.
func arguments(url string) []string {
	return []string{
		"--config.file=" + ConfigFile,
		"--config.auto-reload",
		"--storage.tsdb.path=" + dataPath,
		"--web.external-url=" + url,
	}
}
