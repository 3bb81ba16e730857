// Package postgrestest runs real PostgreSQL servers, and programs beside them, on this machine.
package postgrestest

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// binaries returns the directory of the newest server's programs. Debian keeps them away from PATH.
func binaries(tb testing.TB) string {
	tb.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(tb, err)
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	require.NotEmpty(tb, found, "there is no initdb: install the Debian package postgresql")
	return filepath.Dir(found[len(found)-1])
}

func version(initdb string) int {
	number, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return number
}

// packages are the Debian packages of the programs that tests need.
var packages = map[string]string{
	"rclone": "rclone", "psql": "postgresql", "bash": "bash", "awk": "mawk", "setpriv": "util-linux",
}

// Require fails the test unless these programs are installed, and says which Debian packages have them.
func Require(tb testing.TB, programs ...string) {
	tb.Helper()
	for _, program := range programs {
		_, err := exec.LookPath(program)
		require.NoError(tb, err, "there is no %s: install the Debian package %s", program, packages[program])
	}
}

// Folder returns a new directory that the user of Command owns. Its path is short: that of a socket has 107 characters
// at most.
func Folder(tb testing.TB) string {
	tb.Helper()
	folder, err := os.MkdirTemp("", "pg") //nolint:usetesting // that of the test has its long name, and is root's
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(folder)) })
	if account := unprivileged(tb); account != nil {
		require.NoError(tb, os.Chown(folder, int(account.Uid), int(account.Gid)))
	}
	return folder
}

// Command returns a command with the programs of PostgreSQL on its PATH, and no other variables than these. It does not
// run as root, which PostgreSQL refuses.
func Command(ctx context.Context, tb testing.TB, environment map[string]string, words ...string) *exec.Cmd {
	tb.Helper()
	command := exec.CommandContext(ctx, words[0], words[1:]...)
	command.Env = []string{"PATH=" + binaries(tb) + string(os.PathListSeparator) + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Path = words[0]
	if account := unprivileged(tb); account != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: account}
	}
	if filepath.Base(words[0]) == words[0] {
		command.Path = lookUp(tb, words[0])
	}
	return command
}

// lookUp prefers the programs of the server over wrappers of the same name.
func lookUp(tb testing.TB, program string) string {
	tb.Helper()
	if own := filepath.Join(binaries(tb), program); exists(own) {
		return own
	}
	Require(tb, program)
	path, _ := exec.LookPath(program)
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// unprivileged returns the user postgres if the test runs as root, and nil otherwise.
func unprivileged(tb testing.TB) *syscall.Credential {
	tb.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	require.NoError(tb, err, "there is no user postgres: install the Debian package postgresql")
	id, err := strconv.ParseUint(account.Uid, 10, 32)
	require.NoError(tb, err)
	group, err := strconv.ParseUint(account.Gid, 10, 32)
	require.NoError(tb, err)
	return &syscall.Credential{Uid: uint32(id), Gid: uint32(group)}
}
