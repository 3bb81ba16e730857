// Command pulumi-resource-azure-native is the stand-in for the Pulumi provider of this name.
package main

import (
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

func main() { standin.Main(azurenative.Cloud()) }
