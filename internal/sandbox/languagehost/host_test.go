package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

// requestFor returns a request to run a shell script.
func requestFor(t *testing.T, script string) *pulumirpc.RunRequest {
	t.Helper()
	folder := t.TempDir()
	binary := filepath.Join(folder, "program")
	require.NoError(t, os.WriteFile(binary, []byte("#!/bin/sh\n"+script+"\n"), 0o700))
	options, err := structpb.NewStruct(map[string]any{"binary": binary})
	require.NoError(t, err)
	return &pulumirpc.RunRequest{
		Pwd: folder, Project: "dreamseed", Stack: "local", Organization: "organization",
		MonitorAddress: "127.0.0.1:1", DryRun: true, Parallel: 64,
		Config: map[string]string{"dreamseed:password": "planted"}, ConfigSecretKeys: []string{"dreamseed:password"},
		Info: &pulumirpc.ProgramInfo{RootDirectory: "/root-directory", Options: options},
	}
}

func TestAProgramRunsInItsFolderAndLearnsAboutItsRun(t *testing.T) {
	request := requestFor(t, `pwd > seen; echo "$#" >> seen; env | grep ^PULUMI_ | sort >> seen`)

	response, err := newLanguageHost("127.0.0.1:2").Run(t.Context(), request)

	require.NoError(t, err)
	assert.Empty(t, response.GetError())
	assert.False(t, response.GetBail())
	seen, err := os.ReadFile(filepath.Join(request.GetPwd(), "seen"))
	require.NoError(t, err)
	folder, err := filepath.EvalSymlinks(request.GetPwd())
	require.NoError(t, err)
	assert.Equal(t, folder+`
0
PULUMI_CONFIG={"dreamseed:password":"planted"}
PULUMI_CONFIG_SECRET_KEYS=["dreamseed:password"]
PULUMI_DRY_RUN=true
PULUMI_ENGINE=127.0.0.1:2
PULUMI_MONITOR=127.0.0.1:1
PULUMI_ORGANIZATION=organization
PULUMI_PARALLEL=64
PULUMI_PROJECT=dreamseed
PULUMI_ROOT_DIRECTORY=/root-directory
PULUMI_STACK=local
`, string(seen))
}

func TestTheEngineLearnsHowTheProgramEnded(t *testing.T) {
	for reason, c := range map[string]struct {
		script string
		want   *pulumirpc.RunResponse
	}{
		"success":                                {"exit 0", &pulumirpc.RunResponse{}},
		"an error that the engine knows already": {"exit 32", &pulumirpc.RunResponse{Bail: true}},
		"an error that nobody reported": {
			"exit 3", &pulumirpc.RunResponse{Error: "the program ended with exit status 3"},
		},
		"a crash": {"kill -9 $$", &pulumirpc.RunResponse{Error: "the program ended with signal: killed"}},
	} {
		t.Run(reason, func(t *testing.T) {
			response, err := newLanguageHost("").Run(t.Context(), requestFor(t, c.script))
			require.NoError(t, err)
			assert.Equal(t, c.want, response)
		})
	}
}

func TestAProgramThatCannotBeStartedIsNamed(t *testing.T) {
	request := requestFor(t, "")
	request.Info.Options.Fields["binary"] = structpb.NewStringValue("/nowhere/program")

	_, err := newLanguageHost("").Run(t.Context(), request)

	assert.ErrorContains(t, err, "running /nowhere/program")
}

func TestAMissingBinaryIsExplained(t *testing.T) {
	_, err := newLanguageHost("").Run(t.Context(), &pulumirpc.RunRequest{Info: &pulumirpc.ProgramInfo{}})

	assert.ErrorContains(t, err, "runtime.options.binary")
}

func TestAProgramEndsWithItsRun(t *testing.T) {
	for reason, stop := range map[string]func(*languageHost, context.CancelFunc){
		"the engine cancels": func(host *languageHost, _ context.CancelFunc) {
			_, _ = host.Cancel(context.Background(), nil)
		},
		"the engine hangs up": func(_ *languageHost, hangUp context.CancelFunc) { hangUp() },
		"the host has to end": func(host *languageHost, _ context.CancelFunc) { host.abort() },
	} {
		t.Run(reason, func(t *testing.T) {
			host := newLanguageHost("")
			ctx, hangUp := context.WithCancel(t.Context())
			defer hangUp()
			request := requestFor(t, "echo > started; exec sleep 600")
			ended := make(chan error, 1)
			go func() {
				_, err := host.Run(ctx, request)
				ended <- err
			}()
			require.Eventually(t, func() bool {
				_, err := os.Stat(filepath.Join(request.GetPwd(), "started"))
				return err == nil
			}, waitLimit, poll)

			stop(host, hangUp)

			assert.ErrorContains(t, <-ended, "the program was stopped")
		})
	}
}
