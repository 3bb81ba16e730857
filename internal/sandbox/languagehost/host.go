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

// languageHost runs prebuilt programs. What it does not embed an answer for, it refuses as unimplemented: code
// generation and plugins written in Go have no place in the sandbox.
type languageHost struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine string
	// running ends when the host has to: the programs that it started end with it.
	running context.Context
	abort   context.CancelFunc
}

func newLanguageHost(engine string) *languageHost {
	running, abort := context.WithCancel(context.Background())
	return &languageHost{engine: engine, running: running, abort: abort}
}

// Run starts the program, waits for it and says how it ended.
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

// binaryOf reads the one option that this host knows.
func binaryOf(info *pulumirpc.ProgramInfo) (string, error) {
	binary := info.GetOptions().GetFields()["binary"].GetStringValue()
	if binary == "" {
		return "", errors.New("no program to run: Pulumi.yaml must name a built one under runtime.options.binary, " +
			"because this language host does not compile")
	}
	return binary, nil
}

// responseTo translates the end of a program. A program that has already told the engine what is wrong exits with a
// status of its own; anything else gets an error here.
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

// Cancel stops the programs that run, and with that the calls that wait for them.
func (h *languageHost) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.abort()
	return &emptypb.Empty{}, nil
}

// Handshake needs nothing: the engine's address came by the command line.
func (h *languageHost) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetRequiredPackages names none: the sandbox lists its providers in the project file.
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

// GetPluginInfo carries no version: the host is built from the same checkout as the program.
func (h *languageHost) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// InstallDependencies has nothing to do: a built program has its dependencies inside.
func (h *languageHost) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	return nil
}

// RuntimeOptionsPrompts asks nothing.
func (h *languageHost) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// About says which Go this host was built with; the program was built with the same.
func (h *languageHost) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return &pulumirpc.AboutResponse{Version: runtime.Version()}, nil
}

// GetProgramDependencies names none: they cannot be told from outside a program.
func (h *languageHost) GetProgramDependencies(
	context.Context, *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	return &pulumirpc.GetProgramDependenciesResponse{}, nil
}
