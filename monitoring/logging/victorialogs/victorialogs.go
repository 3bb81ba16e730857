// Package victorialogs runs VictoriaLogs (https://docs.victoriametrics.com/victorialogs), the light store of log lines:
// one pod with one volume.
package victorialogs

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

// Image is the image of VictoriaLogs. The version is exact, without a digest: the tests run the module of this version,
// and its image cannot be looked up where they run. A change restarts the pod; meanwhile the collectors hold the lines.
const Image = "docker.io/victoriametrics/victoria-logs:v1.52.1"

const (
	// Port is the port of the API, of the pages and of the metrics.
	Port = 9428
	// Name is the name of the ServiceAccount, of the Service, and of the pod, as policies select it.
	Name = "victoria-logs"
)

const (
	// Compression is how much smaller lines are on the volume, index included. Its makers claim a tenth and less
	// (https://docs.victoriametrics.com/victorialogs/faq); a quarter is on the safe side for lines with long texts. Its
	// metric vl_data_size_bytes tells the true figure after some days.
	Compression = 4
	// UsablePercent is the share of the volume that may be filled. The rest is for merges, which write a part anew before
	// they remove the former ones.
	UsablePercent = 80
)

// Args describes the VictoriaLogs of an environment.
type Args struct {
	// Namespace is the namespace of everything.
	Namespace string
	// RetentionDays is how long lines are kept. A change restarts the pod.
	RetentionDays int
	// Storage is the size of the claim. A larger size grows the volume in place; a smaller one is refused.
	Storage resource.Quantity
	// StorageClass is the class of the claim. Empty means the cluster's default. A change replaces the claim, which is
	// refused while Protect is on.
	StorageClass string
	// Protect refuses every change that would delete or replace the claim.
	Protect bool
	// After lists the resources that must exist first, such as the namespace with its policies and the priority classes.
	After []pulumi.Resource
}

// VictoriaLogs is the running VictoriaLogs.
type VictoriaLogs struct {
	pulumi.ResourceState

	// Objects are the resources that are complete once it answers.
	Objects []pulumi.Resource
}

// New registers VictoriaLogs.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*VictoriaLogs, error) {
	store := &VictoriaLogs{}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:VictoriaLogs", name, store, opts...); err != nil {
		return nil, fmt.Errorf("registering VictoriaLogs: %w", err)
	}
	set, err := replica.NewSet(ctx, name, &replica.SetArgs{
		Program: args.program(),
		Letters: []string{"a"},
		Own:     func(string) replica.Own { return replica.Own{Arguments: args.arguments()} },
	}, pulumi.Parent(store))
	if err != nil {
		return nil, fmt.Errorf("building VictoriaLogs: %w", err)
	}
	store.Objects = set.Objects
	if err := ctx.RegisterResourceOutputs(store, pulumi.Map{"url": pulumi.String(URL(args.Namespace))}); err != nil {
		return nil, fmt.Errorf("registering the outputs of VictoriaLogs: %w", err)
	}
	return store, nil
}

// URL returns the address under which the pods of the cluster reach VictoriaLogs.
func URL(namespace string) string { return fmt.Sprintf("http://%s.%s:%d", Name, namespace, Port) }

// Requests returns what the pod requests. It takes some 90 MB when idle, and 60 % of its limit for caches by itself.
func Requests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("250m"), Memory: resource.MustParse("512Mi")}
}

func (a *Args) program() *replica.Program {
	return &replica.Program{
		Name:      Name,
		Namespace: a.Namespace,
		Image:     Image,
		Ports:     []replica.Port{{Name: replica.HTTP, Number: Port, Protocol: "TCP"}},
		Health:    replica.LikePrometheus(),
		Requests:  Requests(),
		Volume: replica.Volume{
			Size: a.Storage, Class: a.StorageClass, Protect: a.Protect, Path: dataPath,
		},
		GraceSeconds: graceSeconds,
		After:        a.After,
	}
}

const (
	dataPath = "/victoria-logs"
	// graceSeconds is long enough to write what is in memory to the volume.
	graceSeconds = 60
)

// arguments returns the command line (https://docs.victoriametrics.com/victorialogs/#list-of-command-line-flags). The
// oldest day goes when either bound is reached: without the second one, a full volume would refuse every line.
func (a *Args) arguments() []string {
	return []string{
		"-storageDataPath=" + dataPath,
		fmt.Sprintf("-httpListenAddr=:%d", Port),
		fmt.Sprintf("-retentionPeriod=%dd", a.RetentionDays),
		fmt.Sprintf("-retention.maxDiskSpaceUsageBytes=%d", MaxBytes(a.Storage)),
		// A line may be as long as the collector makes it, up to the 2 MB that VictoriaLogs keeps of one.
		"-insert.maxLineSizeBytes=2MB",
		"-loggerFormat=json",
	}
}

// MaxBytes returns how much of a claim the lines may fill, in bytes.
func MaxBytes(storage resource.Quantity) int64 { return storage.Value() / 100 * UsablePercent }
