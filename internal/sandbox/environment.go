package sandbox

import (
	"slices"
	"strings"
)

// Environment is what kubectl and pulumi need in order to work against the sandbox by hand, as "NAME=value".
func (s *Sandbox) Environment() []string {
	byHand := slices.DeleteFunc(s.engine.Environment(), func(variable string) bool {
		return !slices.ContainsFunc([]string{"PATH=", "PULUMI_"}, func(name string) bool {
			return strings.HasPrefix(variable, name)
		})
	})
	return append(byHand, "KUBECONFIG="+s.stack.Kubeconfig())
}

// Project is the folder to run pulumi in by hand.
func (s *Sandbox) Project() string { return s.stack.Project() }

// Stack is the name of the stack.
func (s *Sandbox) Stack() string { return s.stack.Name }

// Kubectl is the command that looks at the sandbox, ready to be followed by kubectl's own words.
func (s *Sandbox) Kubectl() string {
	return s.layout.Binary("kubectl") + " --kubeconfig " + s.stack.Kubeconfig()
}
