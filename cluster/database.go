package cluster

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// DatabaseSpec describes a PostgreSQL server that the cloud runs.
type DatabaseSpec struct {
	// Tier is required: the size of the server as the cloud calls it, such as db-custom-2-7680 on GKE. A change restarts
	// the server, which takes minutes; with HighAvailability the second one takes over meanwhile.
	Tier string `json:"tier"`
	// MaxStorageGB bounds the disk, in GiB. Default 500. The disk grows by itself while it fills up, and never shrinks: a
	// smaller bound stops it from growing further.
	MaxStorageGB int `json:"maxStorageGB"`
	// HighAvailability keeps a second server with the same data in another zone, which takes over by itself. Default true,
	// which production requires.
	HighAvailability bool `json:"highAvailability"`
	// RetentionDays is for how many days the server can be brought back as it was at any moment. Default 7.
	RetentionDays int `json:"retentionDays"`
	// Generation is 1 by default. Another one is another server beside this one, which stays as it is: going back is
	// setting this key back.
	Generation int `json:"generation"`
	// RestoreFrom is what a new server begins with. Default nothing: it is empty. A change has no effect on a server that
	// exists.
	RestoreFrom Restore `json:"restoreFrom"`
}

// Restore is the state of another server at a moment.
type Restore struct {
	// Generation is that of the other server, which is left as it is. 0 means none.
	Generation int `json:"generation"`
	// Time is the moment in RFC 3339 and UTC, such as 2026-11-27T10:15:00Z. Empty means now.
	Time string `json:"time"`
}

// DefaultDatabase returns the defaults of a server.
func DefaultDatabase() DatabaseSpec {
	return DatabaseSpec{MaxStorageGB: 500, HighAvailability: true, RetentionDays: 7, Generation: 1}
}

// DatabaseArgs describes the server to its builder.
type DatabaseArgs struct {
	DatabaseSpec
	// Base is the beginning of the server's name.
	Base string
	// Provisioner is the identity of the pods that make databases and roles. It may sign in as the administrator, and
	// nothing else is granted to it. Nil for a server that nobody provisions any more.
	Provisioner *Identity
}

// Database is a PostgreSQL server that the cloud runs. Only the cluster's network reaches it.
type Database struct {
	// Name is its name in the cloud. Another server has another one.
	Name string
	// Host is its address. Unknown until the server exists.
	Host pulumi.StringOutput
	// Administrator is how a pod with the provisioner's identity signs in.
	Administrator Administrator
	// Ready lists what must be complete before somebody connects.
	Ready []pulumi.Resource
}

// Administrator makes databases and roles, and is no superuser. Nobody keeps its password: a container of the pod that
// signs in gets one for this run.
type Administrator struct {
	// Username is its role.
	Username string
	// Image has a shell and what the script needs.
	Image string
	// Script writes the password to the file that the variable ADMINISTRATOR names.
	Script string
	// Environment has the script's variables. None of them is secret.
	Environment map[string]string
}

// DatabaseBuilder registers a server. Another generation is another resource. What holds data is protected while the
// cluster is, by Pulumi and by the cloud.
type DatabaseBuilder func(ctx *pulumi.Context, args *DatabaseArgs, opts ...pulumi.ResourceOption) (*Database, error)

// databaseName is the naming rule for a database server. Cloud SQL has the longest names with a limit: 98 characters,
// of which the project takes 30 and a colon (https://cloud.google.com/sql/docs/postgres/instance-settings).
var databaseName = naming.Rule{Length: 60, Separator: "-", HashLength: 6}

// NameDatabase returns the physical name of a database server. It ends in a hash of what cannot be changed in place: a
// change makes another server, and the former one is refused to go while Protect is on. Some clouds keep a name taken
// for a week after its server is gone.
func (s *Spec) NameDatabase(args *DatabaseArgs) string {
	return databaseName.WithHash(s.Name+"-"+args.Base, map[string]string{
		"cluster": s.Identity(), "generation": strconv.Itoa(args.Generation),
	})
}
