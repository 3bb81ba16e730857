// Command pulumi-language-go lets the Pulumi engine run a Go program that is already built.
//
// It stands in for the official Go language host, which is not to be had as a Go module. It differs from it in one
// thing: it never compiles. The program is the one that Pulumi.yaml names:
//
//	runtime:
//	  name: go
//	  options:
//	    binary: /absolute/path/of/the/program
package main

import (
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"github.com/dreamseed/platform/internal/sandbox/plugin"
)

func main() {
	plugin.Main("pulumi-language-go", func(engine string) plugin.Service { return newLanguageHost(engine) })
}

// Register adds the host to the server.
func (h *languageHost) Register(server *grpc.Server) {
	pulumirpc.RegisterLanguageRuntimeServer(server, h)
}

// Stop ends the programs that run.
func (h *languageHost) Stop() { h.abort() }
