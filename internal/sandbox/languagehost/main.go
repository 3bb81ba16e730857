// Command pulumi-language-go lets the Pulumi engine run a prebuilt Go program.
//
// It replaces the official Go language host, which is not available as a Go module. It differs in one respect: it never
// compiles. It runs the program that Pulumi.yaml names:
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

// Stop ends the running programs.
func (h *languageHost) Stop() { h.abort() }
