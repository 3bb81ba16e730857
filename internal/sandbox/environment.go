package sandbox

import "maps"

// Variables is what kubectl and pulumi need in order to work against the sandbox by hand.
func (s *Sandbox) Variables() map[string]string {
	variables := maps.Clone(s.engine.Variables())
	variables["KUBECONFIG"] = s.stack.Kubeconfig()
	return variables
}

// Project is the folder to run pulumi in by hand.
func (s *Sandbox) Project() string { return s.stack.Project() }

// Stack is the name of the stack.
func (s *Sandbox) Stack() string { return s.stack.Name }

// Kubectl is the command that looks at the sandbox, ready to be followed by kubectl's own words.
func (s *Sandbox) Kubectl() string {
	return s.layout.Binary("kubectl") + " --kubeconfig " + s.stack.Kubeconfig()
}
