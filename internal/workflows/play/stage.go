// Package play runs the repository's workflows on this machine, offline, with act
// (https://github.com/nektos/act) and whatever engine and cluster a stack has here.
//
// The jobs, their order, their conditions, their scripts and the local actions are those of the repository. Stand-ins
// play GitHub: a repository on disk, a gh that keeps comments and issues in files, and actions that check out, keep
// artifacts, and install what is installed already. act plays no OIDC token, no permissions, no concurrency and no
// environments, except that an approval of the job "apply" is waited for.
package play

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Set is what a stage is made from.
type Set struct {
	// Folder is where everything that is written goes. It must not exist.
	Folder string
	// Project is the checkout whose workflows are played.
	Project string
	// Stack takes the place of staging in the workflows.
	Stack string
	// Files are files of the played repository, besides .github: by path, with their content.
	Files map[string][]byte
	// Act and Dreamseed are the paths of the built programs.
	Act, Dreamseed string
	// Environment are the variables that pulumi needs, PATH and PULUMI_BACKEND_URL included.
	Environment map[string]string
}

// Stage is a repository with its GitHub, both on disk.
type Stage struct {
	set Set
	// developer is the clone that people work in; runner is the one that act reads the workflows from.
	developer, runner string
	environment       []string
	actions           []string // flags that map each action to its stand-in
	runs              int
}

// Repository is the name of the played repository.
const Repository = "dreamseed/platform"

//go:embed all:actions go.sh
var standIns embed.FS

// Open creates the repository with its first commit on main.
func Open(ctx context.Context, set Set) (*Stage, error) {
	s := &Stage{
		set: set, developer: filepath.Join(set.Folder, "developer"), runner: filepath.Join(set.Folder, "runner"),
	}
	for _, step := range []func(context.Context) error{s.furnish, s.mapActions, s.create, s.firstCommit} {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("setting the stage: %w", err)
		}
	}
	return s, nil
}

func (s *Stage) remote() string { return filepath.Join(s.set.Folder, "remote.git") }
func (s *Stage) github() string { return filepath.Join(s.set.Folder, "github") }
func (s *Stage) bin() string    { return filepath.Join(s.set.Folder, "bin") }
func (s *Stage) home() string   { return filepath.Join(s.set.Folder, "home") }

// approval is the file that lets the job "apply" start.
func (s *Stage) approval() string { return filepath.Join(s.github(), "approved") }

// gitConfig is that of everybody on the stage.
const gitConfig = `[user]
	name = A developer
	email = developer@example.com
[init]
	defaultBranch = main
`

// furnish writes the stand-ins, and sets the environment in which everything runs.
func (s *Stage) furnish(ctx context.Context) error {
	for _, folder := range []string{s.github(), s.bin(), s.home()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(s.home(), ".gitconfig"), []byte(gitConfig), 0o600); err != nil {
		return err
	}
	if err := s.writeStandIns(); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(s.bin(), "gh"), "./internal/workflows/play/gh")
	build.Dir = s.set.Project
	if printed, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the stand-in for gh: %w: %s", err, printed)
	}
	for name, value := range s.set.Environment {
		s.environment = append(s.environment, name+"="+value)
	}
	s.environment = append(s.environment,
		"PATH="+s.bin()+string(os.PathListSeparator)+s.set.Environment["PATH"],
		"HOME="+s.home(), "XDG_CONFIG_HOME="+s.home(), "XDG_CACHE_HOME="+s.home(),
		"PLAY_REMOTE="+s.remote(), "PLAY_GITHUB="+s.github(), "PLAY_DREAMSEED="+s.set.Dreamseed,
	)
	return nil
}

func (s *Stage) writeStandIns() error {
	if err := fs.WalkDir(standIns, "actions", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return s.writeStandIn(path, filepath.Join(s.set.Folder, path), 0o600)
	}); err != nil {
		return err
	}
	return s.writeStandIn("go.sh", filepath.Join(s.bin(), "go"), 0o700)
}

func (s *Stage) writeStandIn(path, to string, mode fs.FileMode) error {
	content, err := standIns.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.WriteFile(to, content, mode)
}

// create makes the repository on disk, and the two clones.
func (s *Stage) create(ctx context.Context) error {
	if _, err := s.git(ctx, s.set.Folder, "init", "--quiet", "--bare", s.remote()); err != nil {
		return err
	}
	for _, clone := range []string{s.developer, s.runner} {
		if _, err := s.git(ctx, s.set.Folder, "clone", "--quiet", s.remote(), clone); err != nil {
			return err
		}
	}
	return nil
}

// firstCommit puts the checkout's workflows onto main.
func (s *Stage) firstCommit(ctx context.Context) error {
	tracked := os.DirFS(filepath.Join(s.set.Project, ".github"))
	if err := os.CopyFS(filepath.Join(s.developer, ".github"), tracked); err != nil {
		return err
	}
	paths, err := filepath.Glob(filepath.Join(s.developer, ".github", "workflows", "*.yml"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := s.retarget(path); err != nil {
			return err
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} { // the cache's key
		content, err := os.ReadFile(filepath.Join(s.set.Project, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.developer, name), content, 0o600); err != nil {
			return err
		}
	}
	if _, err := s.git(ctx, s.developer, "switch", "--quiet", "--create", "main"); err != nil {
		return err
	}
	_, err = s.commit(ctx, "main", s.set.Files)
	return err
}

// retarget puts the stage's stack in the place of staging.
func (s *Stage) retarget(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strings.ReplaceAll(string(content), "staging", s.set.Stack)), 0o600)
}

// git runs git in a folder of the stage.
func (s *Stage) git(ctx context.Context, folder string, words ...string) (string, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, words...)...)
	command.Env = s.environment
	printed, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", words[0], err, printed)
	}
	return strings.TrimSpace(string(printed)), nil
}

// stored reads a file of the stand-in for gh.
func (s *Stage) stored(name string, into any) error {
	content, err := os.ReadFile(filepath.Join(s.github(), name+".json"))
	if err != nil {
		return err
	}
	return json.Unmarshal(content, into)
}
