package workflows

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
	"mvdan.cc/sh/v3/syntax"

	"github.com/dreamseed/platform/internal/config"
)

const project = "../.."

// files returns the workflows and actions by path.
func files(t *testing.T) map[string]File {
	t.Helper()
	all, err := Read(project)
	require.NoError(t, err)
	require.Greater(t, len(all), 10)
	byPath := map[string]File{}
	for _, file := range all {
		byPath[file.Path] = file
	}
	return byPath
}

func TestTheWorkflowsKeepTheRules(t *testing.T) {
	for path, file := range files(t) {
		for name, problems := range rules {
			assert.Empty(t, problems(file), "%s: %s", path, name)
		}
	}
}

// A file of the repository with one mistake in it breaks the rule against that.
func TestEachRuleFindsItsMistake(t *testing.T) {
	const (
		workflow = Folder + "/"
		action   = ".github/actions/"
	)
	tests := map[string]struct{ file, old, mistake, rule string }{
		"a tag": {
			workflow + "checks.yml", "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7 # v7.0.1",
			"actions are pinned by commit, and a comment says the version",
		},
		"a tag in an action": {
			action + "setup/action.yml", "@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e # v7.0.0", "@v7.0.0 # v7.0.0",
			"actions are pinned by commit, and a comment says the version",
		},
		"no version": {
			workflow + "checks.yml", " # v7.0.1", "",
			"actions are pinned by commit, and a comment says the version",
		},
		"the default token": {
			workflow + "checks.yml", "permissions: {}\n", "",
			"a token has no permission but what its job asks for",
		},
		"one token for all jobs": {
			workflow + "deploy-stack.yml", "permissions: {}\n", "permissions: {contents: write}\n",
			"a token has no permission but what its job asks for",
		},
		"a job with the workflow's": {
			workflow + "checks.yml", "    permissions:\n      contents: read\n", "",
			"a token has no permission but what its job asks for",
		},
		"six hours": {
			workflow + "drift.yml", "    timeout-minutes: 10\n", "", "a job ends by itself",
		},
		"the target's rights": {
			workflow + "preview.yml", "  pull_request:\n", "  pull_request_target:\n",
			"no code of a pull request runs with the rights of main",
		},
		"a payload in a script": {
			workflow + "release.yml", `"$SERVICE" "$DIGEST"`, `"${{ github.event.client_payload.service }}" "$DIGEST"`,
			"no expression becomes part of a script",
		},
		"an input in a script": {
			workflow + "recover.yml", `pulumi cancel --stack "$STACK"`, `pulumi cancel --stack "${{ inputs.stack }}"`,
			"no expression becomes part of a script",
		},
		"an input in an action's script": {
			action + "up/action.yml", `"$STACK"`, `"${{ inputs.stack }}"`,
			"no expression becomes part of a script",
		},
		"an identity that writes": {
			workflow + "preview.yml", "      contents: read\n      id-token: write\n",
			"      pull-requests: write\n      id-token: write\n",
			"a job with an identity in a cloud cannot write here",
		},
		"an identity of any workflow": {
			workflow + "drift.yml", "    environment: preview-${{ matrix.stack }} # an identity that cannot write\n", "",
			"an identity belongs to an environment",
		},
		"a preview that comments": {
			workflow + "preview.yml", "      contents: read\n    steps:", "      pull-requests: write\n    steps:",
			"what writes runs nothing of a pull request",
		},
		"a comment that checks out the pull request": {
			workflow + "comment.yml", "          sparse-checkout: .github/scripts\n",
			"          ref: ${{ github.event.workflow_run.head_sha }}\n",
			"what writes runs nothing of a pull request",
		},
		"an engine below a shell": {
			action + "up/action.yml", "exec pulumi up", "pulumi up",
			"an engine that changes a stack is its step's first process",
		},
		"an engine below a shell's condition": {
			workflow + "recover.yml", "exec pulumi refresh", "if pulumi refresh --yes; then exit; fi; exec pulumi refresh",
			"an engine that changes a stack is its step's first process",
		},
		"no script": {
			workflow + "drift.yml", "          esac\n", "",
			"a script parses, and stops at its first failure",
		},
		"a script that goes on": {
			workflow + "drift.yml", "          set -euo pipefail\n", "",
			"a script parses, and stops at its first failure",
		},
		"deployments side by side": {
			workflow + "deploy.yml", "group: stack-staging", "group: staging",
			"one run per stack at a time, and none is cut short",
		},
		"a deployment cut short": {
			workflow + "deploy.yml", "cancel-in-progress: false", "cancel-in-progress: true",
			"one run per stack at a time, and none is cut short",
		},
		"a recovery beside a deployment": {
			workflow + "recover.yml", "group: stack-", "group: recover-",
			"one run per stack at a time, and none is cut short",
		},
	}
	untested := map[string]bool{}
	for name := range rules {
		untested[name] = true
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(project, tt.file))
			require.NoError(t, err)
			require.Contains(t, string(content), tt.old)
			wrong, err := Parse(tt.file, []byte(strings.Replace(string(content), tt.old, tt.mistake, 1)))
			require.NoError(t, err)
			require.Contains(t, rules, tt.rule)
			assert.NotEmpty(t, rules[tt.rule](wrong))
		})
		delete(untested, tt.rule)
	}
	assert.Empty(t, untested, "rules without a mistake")
}

func TestAnActionHasOneVersion(t *testing.T) {
	pins := map[string]string{}
	for path, file := range files(t) {
		for _, step := range file.Steps() {
			if !step.Uses.Remote() {
				continue
			}
			name, pin := step.Uses.Name(), step.Uses.Action+" "+step.Uses.Comment
			if pins[name] == "" {
				pins[name] = pin
			}
			assert.Equal(t, pins[name], pin, path)
		}
	}
	assert.Greater(t, len(pins), 7)
}

func TestNoWorkflowReadsASecret(t *testing.T) {
	for path := range files(t) {
		content, err := os.ReadFile(filepath.Join(project, path))
		require.NoError(t, err)
		assert.NotContains(t, string(content), "secrets.", "%s: a job's identity comes from its OIDC token", path)
		assert.NotContains(t, string(content), "secrets: inherit", path)
	}
}

func TestADeploymentEndsByThePlatformsOwnDeadline(t *testing.T) {
	deadline := 0
	for _, stack := range []string{"staging", "production"} {
		cfg, err := config.FromStackFile(project, stack)
		require.NoError(t, err)
		deadline = max(deadline, cfg.RolloutDeadlineSeconds)
	}
	require.Positive(t, deadline)
	// A migration and a release wait that long each, and a control plane takes a quarter of an hour.
	minutes := 2*deadline/60 + 15
	deploying := 0
	for path, file := range files(t) {
		for name, job := range file.Jobs {
			if job.deploys() {
				deploying++
				assert.GreaterOrEqual(t, job.Timeout, job.ups()*minutes, "%s: %s is killed in the middle", path, name)
			}
		}
	}
	assert.Equal(t, 2, deploying, "those of deploy and recover")
}

func TestPreviewsOfOnePullRequestReplaceEachOther(t *testing.T) {
	preview := files(t)[Folder+"/preview.yml"]
	assert.Contains(t, preview.Concurrency.Group, "github.event.pull_request.number")
	require.NotNil(t, preview.Concurrency.Cancel)
	assert.True(t, *preview.Concurrency.Cancel)
}

func TestTheWorkflowsInstallTheEngineOfTheSDK(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(project, "go.mod"))
	require.NoError(t, err)
	module, err := modfile.Parse("go.mod", content, nil)
	require.NoError(t, err)
	var installed string
	for _, step := range files(t)[".github/actions/setup/action.yml"].Steps() {
		if step.Uses.Name() == "pulumi/actions" {
			installed = step.With["pulumi-version"]
		}
	}
	require.NotEmpty(t, installed)
	for _, required := range module.Require {
		if required.Mod.Path == "github.com/pulumi/pulumi/sdk/v3" {
			assert.Equal(t, required.Mod.Version, "v"+installed)
		}
	}
}

func TestTheScriptsStopAtTheirFirstFailure(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(project, ".github/scripts/*.sh"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		_, err = syntax.NewParser().Parse(strings.NewReader(string(content)), path)
		require.NoError(t, err)
		assert.Contains(t, string(content), "\n"+strict, path)
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o100, "%s must be executable", path)
	}
}

func TestThePlatformsOwnersApproveWhatApproves(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(project, ".github/CODEOWNERS"))
	require.NoError(t, err)
	owned := map[string]bool{}
	for _, line := range strings.Split(string(content), "\n") {
		if path, owner, found := strings.Cut(line, " "); found {
			owned[path] = strings.Contains(owner, "@")
		}
	}
	for _, path := range []string{"/.github/", "/approvals.yaml", "/drift-accepted.yaml", "/freeze.yaml"} {
		assert.True(t, owned[path], path)
	}
}
