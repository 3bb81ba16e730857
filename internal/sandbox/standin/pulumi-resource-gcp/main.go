// Command pulumi-resource-gcp is the stand-in for the Pulumi provider of this name.
package main

import (
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

func main() { standin.Main(gcp.Cloud()) }
