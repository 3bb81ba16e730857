package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

func (c *ControlPlane) command(component component, p plan) (process.Command, error) {
	command := process.Command{
		Name: component.name,
		Path: c.layout.Binary(component.name),
		Args: component.args(p),
		Env:  c.environment(),
		Dir:  c.stack.Dir,
		Log:  c.log(component.name),
	}
	var own []string
	if component.env != nil {
		own = component.env(p)
	}
	command.Env = append(command.Env, own...)
	var err error
	if command.Revision, err = revision(command.Path, append(own, command.Args...)); err != nil {
		return process.Command{}, fmt.Errorf("starting %s: %w", component.name, err)
	}
	return command, nil
}

func (c *ControlPlane) log(component string) string {
	return filepath.Join(c.stack.Logs(), component+".log")
}

// environment is the programs' whole environment: nothing of the user's own configuration, no KUBECONFIG, no proxy.
func (c *ControlPlane) environment() []string {
	return []string{"HOME=" + c.stack.Dir, "PATH=" + c.layout.Bin, "TMPDIR=" + os.TempDir()}
}

// revision is a digest of everything that a component is started from: the program, its arguments and the content of
// the files that they name. A component is restarted when its revision differs from the wanted one.
func revision(program string, args []string) (string, error) {
	built, err := os.Stat(program)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	fmt.Fprintln(digest, built.Size(), built.ModTime().UnixNano())
	for _, arg := range args {
		fmt.Fprintln(digest, arg)
		_, path, _ := strings.Cut(arg, "=")
		file, err := os.Stat(path)
		if err != nil || !file.Mode().IsRegular() {
			continue // a value that is not a file
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		digest.Write(content)
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
