package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// languageHost runs prebuilt programs. It refuses every method that it does not implement, through the embedded server:
// the sandbox needs no code generation and no plugins written in Go.
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine string
	// running is cancelled when the host has to stop: the programs that it started stop with it.
	running context.Context
	abort   context.CancelFunc
}

func newLanguageHost(engine string) *languageHost {
	running, abort := context.WithCancel(context.Background())
	return &languageHost{engine: engine, running: running, abort: abort}
}

// Run starts the program, waits for it and returns its outcome.
func (h *languageHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	binary, err := binaryOf(request.GetInfo())
	if err != nil {
		return nil, err
	}
	environment, err := programEnvironment(h.engine, request)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.running, cancel)()

	program := exec.CommandContext(ctx, binary)
	program.Dir = request.GetPwd()
	program.Env = append(os.Environ(), environment...)
	// The engine reads this host's own streams line by line and shows them as the program's.
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	return responseTo(ctx, binary, program.Run())
}

// binaryOf reads the only option that this host supports.
func binaryOf(info *pulumirpc.ProgramInfo) (string, error) {
	binary := info.GetOptions().GetFields()["binary"].GetStringValue()
	if binary == "" {
		return "", errors.New("no program to run: Pulumi.yaml must name a built one under runtime.options.binary, " +
			"because this language host does not compile")
	}
	return binary, nil
}

// responseTo translates the exit of a program. A program that has already reported its errors to the engine exits with
// a special status; any other failure becomes an error here.
func responseTo(ctx context.Context, binary string, err error) (*pulumirpc.RunResponse, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("the program was stopped: %w", context.Cause(ctx))
	case !errors.As(err, &exit):
		return nil, fmt.Errorf("running %s: %w", binary, err)
	case exit.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with %s", exit)}, nil
	}
}

// Cancel stops the running programs, and so the calls that wait for them.
func (h *languageHost) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.abort()
	return &emptypb.Empty{}, nil
}

// Handshake does nothing: the engine's address came on the command line.
func (h *languageHost) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetRequiredPackages returns none: the sandbox lists its providers in the project file.
func (h *languageHost) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// GetRequiredPlugins is the older form of GetRequiredPackages.
func (h *languageHost) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// GetPluginInfo returns no version: the host is built from the same checkout as the program.
func (h *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// InstallDependencies does nothing: a built program includes its dependencies.
func (h *languageHost) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	return nil
}

// RuntimeOptionsPrompts returns no prompts.
func (h *languageHost) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// About returns the Go version that this host was built with; the program was built with the same one.
func (h *languageHost) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return &pulumirpc.AboutResponse{Version: runtime.Version()}, nil
}

// GetProgramDependencies returns none: they cannot be read from a built program.
func (h *languageHost) GetProgramDependencies(
	context.Context, *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	return &pulumirpc.GetProgramDependenciesResponse{}, nil
}
