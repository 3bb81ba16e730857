// Command pulumi-resource-aws is the stand-in for the Pulumi provider of this name.
package main

import (
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

func main() { standin.Main(aws.Cloud()) }
