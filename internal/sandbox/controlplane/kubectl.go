package controlplane

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Kubectl runs the sandbox's own kubectl against this control plane and returns its standard output. The kubeconfig and
// the context are explicit and nothing of the user's environment is passed on, so that it cannot reach another cluster.
// An error includes kubectl's standard error. Other users of the machine can read the arguments: pass secrets through
// stdin.
func (c *ControlPlane) Kubectl(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	explicit := []string{"--kubeconfig=" + c.stack.Kubeconfig(), "--context=" + c.stack.Context()}
	command := exec.CommandContext(ctx, c.layout.Binary("kubectl"), append(explicit, args...)...)
	command.Env, command.Stdin = c.environment(), stdin
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		said := strings.TrimSpace(problems.String())
		return out, fmt.Errorf("running kubectl %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return out, nil
}
