// Package layout names the files that the sandbox keeps: what is where is decided here and nowhere else.
package layout

import (
	"fmt"
	"os"
	"path/filepath"
)

// Layout is where one checkout of the project keeps its sandbox.
type Layout struct {
	// Project is the absolute path of the project's root, the folder that holds Pulumi.yaml.
	Project string
	// Bin holds the programs that were built from the tools modules. All stacks share it.
	Bin string
	// Stacks holds one folder per stack.
	Stacks string
}

// Default is the layout that the command line uses: everything under .sandbox in the project's root.
func Default(project string) Layout {
	root := filepath.Join(project, ".sandbox")
	return Layout{Project: project, Bin: filepath.Join(root, "bin"), Stacks: root}
}

// FindProject returns the root of the project that dir lies in. It fails where no parent holds a Pulumi.yaml.
func FindProject(dir string) (string, error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "Pulumi.yaml")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above it: run this inside a checkout of the platform", dir)
		}
	}
}

// Binary is the path of a program that the sandbox built.
func (l Layout) Binary(name string) string { return filepath.Join(l.Bin, name) }

// Stages is the folder of the kwok stages that come with the kwok module, below that of the programs.
const Stages = "kwok-stages"

// Stages is the folder of the kwok stages that come with the kwok module.
func (l Layout) Stages() string { return filepath.Join(l.Bin, Stages) }

// Manifests is the folder of the Kubernetes objects that come with an operator's module, below that of the programs.
func Manifests(operator string) string { return filepath.Join("manifests", operator) }

// Manifests is the folder of the Kubernetes objects that come with an operator's module.
func (l Layout) Manifests(operator string) string { return filepath.Join(l.Bin, Manifests(operator)) }

// Stack is the folder of one stack's sandbox.
func (l Layout) Stack(name string) Stack {
	return Stack{Name: name, Dir: filepath.Join(l.Stacks, name)}
}

// Stack names the files of one stack's sandbox.
type Stack struct {
	Name string
	Dir  string
}

// Certificates is the folder of the generated certificates and keys.
func (s Stack) Certificates() string { return filepath.Join(s.Dir, "certificates") }

// Etcd is etcd's data folder: what the API server knows outlives a stop.
func (s Stack) Etcd() string { return filepath.Join(s.Dir, "etcd") }

// Logs is the folder of one log file per component.
func (s Stack) Logs() string { return filepath.Join(s.Dir, "logs") }

// Processes is the folder of one record per started component.
func (s Stack) Processes() string { return filepath.Join(s.Dir, "processes") }

// Kubeconfig is the administrator's kubeconfig.
func (s Stack) Kubeconfig() string { return filepath.Join(s.Dir, "kubeconfig") }

// KubeconfigVariable is the environment variable that names Kubeconfig to the programs which play the part of a cloud.
const KubeconfigVariable = "DREAMSEED_SANDBOX_KUBECONFIG"

// Cloud is the folder of what the stand-ins of the stack's cloud remember, one file for each of them.
func (s Stack) Cloud() string { return filepath.Join(s.Dir, "cloud") }

// CloudVariable is the environment variable that names Cloud to the stand-ins.
const CloudVariable = "DREAMSEED_SANDBOX_CLOUD"

// CloudDate is the file in Cloud with which a test of the sandbox turns the cloud's date back: 2026-06-15.
const CloudDate = "date"

// Context is the only context in the kubeconfig.
func (s Stack) Context() string { return "dreamseed-sandbox-" + s.Name }

// ControlPlane is the file that remembers the control plane's ports and whether it is meant to run.
func (s Stack) ControlPlane() string { return filepath.Join(s.Dir, "control-plane.json") }

// Stages is the folder of the kwok stages that the stack's control plane runs with.
func (s Stack) Stages() string { return filepath.Join(s.Dir, "kwok-stages") }

// Traefik is the file of Traefik's settings.
func (s Stack) Traefik() string { return filepath.Join(s.Dir, "traefik.yaml") }

// VolumePlugins is an empty folder: kube-controller-manager insists on one, and would make it in /usr/libexec.
func (s Stack) VolumePlugins() string { return filepath.Join(s.Dir, "volume-plugins") }

// Project is the Pulumi project folder that the engine works in, so that the tracked files stay as they are.
func (s Stack) Project() string { return filepath.Join(s.Dir, "project") }

// State is the folder of the engine's file backend.
func (s Stack) State() string { return filepath.Join(s.Dir, "state") }

// PulumiHome is the engine's home: plugins and credentials, apart from the user's own.
func (s Stack) PulumiHome() string { return filepath.Join(s.Dir, "pulumi-home") }

// Passphrase is the file with the passphrase that encrypts the stack's secrets.
func (s Stack) Passphrase() string { return filepath.Join(s.Dir, "passphrase") }

// Lock is held by the one run that works on the stack.
func (s Stack) Lock() string { return filepath.Join(s.Dir, "lock") }
