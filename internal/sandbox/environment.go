package sandbox

import "maps"

// Variables returns the environment variables for running kubectl and pulumi against the sandbox by hand.
func (s *Sandbox) Variables() map[string]string {
	variables := maps.Clone(s.engine.Variables())
	variables["KUBECONFIG"] = s.stack.Kubeconfig()
	return variables
}

// Project returns the folder for running pulumi by hand.
func (s *Sandbox) Project() string { return s.stack.Project() }

// Stack returns the name of the stack.
func (s *Sandbox) Stack() string { return s.stack.Name }

// Kubectl returns the kubectl command for the sandbox, to which kubectl's own arguments are appended.
func (s *Sandbox) Kubectl() string {
	return s.layout.Binary("kubectl") + " --kubeconfig " + s.stack.Kubeconfig()
}
