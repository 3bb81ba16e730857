// Package alertmanager runs Alertmanager (https://prometheus.io/docs/alerting/latest/alertmanager): one replica or two,
// which tell each other what they have sent and what is silenced.
package alertmanager

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

// Image is the image of Alertmanager. The version is exact, without a digest: the tests run the module of this version,
// and its image cannot be looked up where they run. A change restarts the replicas, one after the other.
const Image = "quay.io/prometheus/alertmanager:v0.35.0"

// Port is the port of the API, the pages and the metrics.
const Port = 9093

// Name is the name of the ServiceAccount, of the Service over all replicas, and of their pods, as policies select them.
const Name = "alertmanager"

// Credential is a key of a Secret that Alertmanager reads as a file in CredentialsPath.
type Credential = replica.Credential

// Args describes the Alertmanager of an environment.
type Args struct {
	// Namespace is the namespace of everything.
	Namespace string
	// Replicas is 1 or 2. The second is alertmanager-b, in another zone, changed after the first. Removing it removes its
	// claim, too, which is refused while Protect is on.
	Replicas int
	// Storage is the size of a replica's claim, for silences and for what was sent. A larger size grows the volumes in
	// place; a smaller one is refused.
	Storage resource.Quantity
	// StorageClass is the class of the claims. Empty means the cluster's default. A change replaces the claims, which is
	// refused while Protect is on.
	StorageClass string
	// Protect refuses every change that would delete or replace a claim.
	Protect bool
	// Config is the configuration file. It names the files of the credentials and holds none itself. A change restarts the
	// replicas, one after the other.
	Config string
	// Credentials are what receivers authenticate with. A further one restarts the replicas; a changed value does not.
	Credentials []Credential
	// After lists the resources that must exist first, such as the namespace, the priority classes and the Secrets.
	After []pulumi.Resource
}

// Alertmanager is the running Alertmanager.
type Alertmanager struct {
	pulumi.ResourceState

	// Addresses are the host and port of each replica. Prometheus sends every alert to all of them: behind one address,
	// some would not learn of it (https://github.com/prometheus/alertmanager#high-availability).
	Addresses []string
	// Objects are the resources that are complete once every replica answers.
	Objects []pulumi.Resource
}

// New registers Alertmanager.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Alertmanager, error) {
	alertmanager := &Alertmanager{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	err := ctx.RegisterComponentResource("dreamseed:monitoring:Alertmanager", name, alertmanager, opts...)
	if err != nil {
		return nil, fmt.Errorf("registering Alertmanager: %w", err)
	}
	if err := alertmanager.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Alertmanager: %w", err)
	}
	outputs := pulumi.Map{"addresses": pulumi.ToStringArray(alertmanager.Addresses)}
	if err := ctx.RegisterResourceOutputs(alertmanager, outputs); err != nil {
		return nil, fmt.Errorf("registering the outputs of Alertmanager: %w", err)
	}
	return alertmanager, nil
}

func (a *Alertmanager) build(ctx *pulumi.Context, name string, args *Args) error {
	child := pulumi.Parent(a)
	letters, err := replica.Letters(args.Replicas)
	if err != nil {
		return err
	}
	config, err := newConfigMap(ctx, name+"-config", args, child, pulumi.DependsOn(args.After))
	if err != nil {
		return fmt.Errorf("creating the config map: %w", err)
	}
	program := newProgram(args, letters)
	directories := append([]replica.Directory{replica.Config("config", configPath, config)},
		replica.Credentials(CredentialsPath, args.Credentials)...)
	set, err := replica.NewSet(ctx, name, &replica.SetArgs{
		Program: program,
		Letters: letters,
		Own: func(letter string) replica.Own {
			return replica.Own{
				Arguments:   append(arguments(program), gossip(program, letters, letter)...),
				Environment: address(),
				Directories: directories,
			}
		},
	}, child)
	if err != nil {
		return err
	}
	for _, one := range set.Replicas {
		a.Addresses = append(a.Addresses, fmt.Sprintf("%s:%d", one.Host, Port))
	}
	a.Objects = set.Objects
	return nil
}

func newProgram(args *Args, letters []string) *replica.Program {
	ports := []replica.Port{{Name: replica.HTTP, Number: Port, Protocol: "TCP"}}
	return &replica.Program{
		Name:      Name,
		Namespace: args.Namespace,
		Image:     Image,
		Ports:     append(ports, gossipPorts(letters)...),
		Health:    replica.LikePrometheus(),
		// Some 40 MB when idle, and more in the hour in which everything fires.
		Requests: catalogue.Amounts{CPU: resource.MustParse("50m"), Memory: resource.MustParse("128Mi")},
		Volume: replica.Volume{
			Size: args.Storage, Class: args.StorageClass, Protect: args.Protect, Path: dataPath,
		},
		GraceSeconds: graceSeconds,
		After:        args.After,
	}
}

// graceSeconds is long enough to leave the cluster, which takes up to ten seconds
// (https://github.com/prometheus/alertmanager/blob/v0.35.0/app/app.go), and to write down what was sent.
const graceSeconds = 30

// arguments returns the part of the command line that all replicas share. Links in notifications lead to whichever
// replica answers.
func arguments(program *replica.Program) []string {
	return []string{
		"--config.file=" + configPath + "/" + configName,
		"--storage.path=" + dataPath,
		fmt.Sprintf("--web.external-url=http://%s:%d", program.Host(Name), Port),
		// By default Go knows nothing of the limit, and would be killed for garbage.
		"--auto-gomemlimit",
	}
}
