package kube

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// awaitMargin lets an object's own deadline pass before the engine's, so that the object reports it, too.
const awaitMargin = 5

// Deadline bounds how long the engine waits for an object that has a deadline of its own, in seconds.
func Deadline(seconds int) pulumi.ResourceOption {
	timeout := fmt.Sprintf("%ds", seconds+awaitMargin)
	return pulumi.Timeouts(&pulumi.CustomTimeouts{Create: timeout, Update: timeout})
}
