// Command program is the Pulumi program of DreamSeed with only the existing cluster compiled in. The sandbox runs it
// for stacks that need no cloud.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/existing"
	"github.com/dreamseed/platform/internal/platform"
)

func main() {
	pulumi.Run(platform.Program(cluster.Builders{
		cluster.Existing: existing.New,
	}))
}
