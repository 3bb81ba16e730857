package postgres

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Image is the image of PostgreSQL, of the instances and of the Jobs. The version is exact, without a digest: the image
// cannot be looked up where the tests run. A minor version restarts one instance after the other. A major one stops
// them for its upgrade (https://cloudnative-pg.io/docs/1.30/postgres_upgrades); CloudNativePG refuses a lower one.
const Image = "ghcr.io/cloudnative-pg/postgresql:18.4-minimal-trixie"

// The kinds of CloudNativePG that the platform uses.
var (
	clusterKind  = kube.Kind{APIVersion: "postgresql.cnpg.io/v1", Name: "Cluster"}
	databaseKind = kube.Kind{APIVersion: "postgresql.cnpg.io/v1", Name: "Database"}
	roleKind     = kube.Kind{APIVersion: "postgresql.cnpg.io/v1", Name: "DatabaseRole"}
)

// clusterDeadline bounds the first start, in seconds: volumes and images of one instance after the other.
const clusterDeadline = 20 * 60

// maxConnections is the most connections of all services together. A change restarts the instances.
const maxConnections = 300

// AccessRules are the lines that are put into pg_hba.conf, before the default that lets every role into every database
// (https://www.postgresql.org/docs/18/auth-pg-hba-conf.html). A role reaches the database of its own name, by TLS and
// with its password. Replication, and the operator's own connections, come before them.
func AccessRules() []string {
	return []string{"hostssl sameuser all all scram-sha-256", "host all all all reject"}
}

// newCluster registers the Cluster, and waits until all of its instances are ready.
func newCluster(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	metadata := kube.Annotate(kube.Metadata(args.Namespace, Name, kube.WorkloadLabels(Name)),
		kube.WaitForCondition("Ready"))
	own := with(args.kept(), kube.Deadline(clusterDeadline),
		pulumi.ReplaceOnChanges([]string{"spec.storage.storageClass"}))
	cluster, err := kube.NewCustomResource(ctx, name, clusterKind, metadata, args.cluster(), with(opts, own...)...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster of PostgreSQL: %w", err)
	}
	return cluster, nil
}

// cluster returns the spec of the Cluster. Its pods tolerate no taint, so that they never run on a spot node, and have
// the operator's labels alone: no policy that opens the services opens them.
func (a *Args) cluster() pulumi.Map {
	spec := a.Spec
	several := spec.Instances > 1
	return pulumi.Map{
		"imageName":             pulumi.String(Image),
		"instances":             pulumi.Int(spec.Instances),
		"enableSuperuserAccess": pulumi.Bool(false),
		// The budget of a single instance would block the drain of its node for ever.
		"enablePDB":         pulumi.Bool(several),
		"storage":           a.storage(),
		"resources":         quantities(spec.Resources),
		"priorityClassName": pulumi.String(string(catalogue.Critical)),
		"affinity": pulumi.Map{
			"enablePodAntiAffinity": pulumi.Bool(true),
			"topologyKey":           pulumi.String("topology.kubernetes.io/zone"),
			// A wish: where there are fewer zones than instances, two of them share one.
			"podAntiAffinityType": pulumi.String("preferred"),
		},
		"postgresql": a.postgresql(several),
	}
}

func (a *Args) storage() pulumi.Map {
	storage := pulumi.Map{"size": pulumi.String(a.Spec.Storage.String())}
	if a.StorageClass != "" {
		storage["storageClass"] = pulumi.String(a.StorageClass)
	}
	return storage
}

// postgresql returns the settings of the servers. With several of them, a commit waits for one copy, so that the loss
// of the first instance loses nothing, and goes on without one while none is there
// (https://cloudnative-pg.io/docs/1.30/replication#synchronous-replication).
func (a *Args) postgresql(several bool) pulumi.Map {
	settings := pulumi.Map{
		"pg_hba": pulumi.ToStringArray(AccessRules()),
		"parameters": pulumi.StringMap{
			"max_connections": pulumi.String(fmt.Sprint(maxConnections)),
			"shared_buffers":  pulumi.String(sharedBuffers(a.Spec)),
		},
	}
	if several {
		settings["synchronous"] = pulumi.Map{
			"method": pulumi.String("any"), "number": pulumi.Int(1), "dataDurability": pulumi.String("preferred"),
		}
	}
	return settings
}

// sharedBuffers returns a quarter of the memory
// (https://www.postgresql.org/docs/18/runtime-config-resource.html#GUC-SHARED-BUFFERS).
func sharedBuffers(spec Spec) string {
	const mebibyte = 1 << 20
	return fmt.Sprintf("%dMB", spec.Resources.Requests.Memory.Value()/mebibyte/4)
}

func quantities(of catalogue.Resources) pulumi.Map {
	one := func(amounts catalogue.Amounts) pulumi.StringMap {
		return pulumi.StringMap{
			"cpu": pulumi.String(amounts.CPU.String()), "memory": pulumi.String(amounts.Memory.String()),
		}
	}
	return pulumi.Map{"requests": one(of.Requests), "limits": one(of.Limits)}
}
