// Package layout defines the paths of all files that the sandbox keeps.
package layout

import (
	"fmt"
	"os"
	"path/filepath"
)

// Layout has the folders of the sandbox of one checkout of the project.
type Layout struct {
	// Project is the absolute path of the project's root, the folder that holds Pulumi.yaml.
	Project string
	// Bin holds the programs built from the tools modules. All stacks share it.
	Bin string
	// Stacks holds one folder per stack.
	Stacks string
}

// Default returns the layout of the command line: everything under .sandbox in the project's root.
func Default(project string) Layout {
	root := filepath.Join(project, ".sandbox")
	return Layout{Project: project, Bin: filepath.Join(root, "bin"), Stacks: root}
}

// FindProject returns the root of the project that contains dir. It fails if no parent has a Pulumi.yaml.
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

// Binary returns the path of a program that the sandbox built.
func (l Layout) Binary(name string) string { return filepath.Join(l.Bin, name) }

// Stages is the folder of the kwok module's stages, relative to that of the programs.
const Stages = "kwok-stages"

// Stages returns the folder of the kwok module's stages.
func (l Layout) Stages() string { return filepath.Join(l.Bin, Stages) }

// Manifests returns the folder of the Kubernetes objects of an operator's module, relative to that of the programs.
func Manifests(operator string) string { return filepath.Join("manifests", operator) }

// Manifests returns the folder of the Kubernetes objects of an operator's module.
func (l Layout) Manifests(operator string) string { return filepath.Join(l.Bin, Manifests(operator)) }

// Stack returns the paths of one stack's sandbox.
func (l Layout) Stack(name string) Stack {
	return Stack{Name: name, Dir: filepath.Join(l.Stacks, name)}
}

// Stack has the paths of one stack's sandbox.
type Stack struct {
	Name string
	Dir  string
}

// Certificates returns the folder of the generated certificates and keys.
func (s Stack) Certificates() string { return filepath.Join(s.Dir, "certificates") }

// Etcd returns etcd's data folder, which survives a stop.
func (s Stack) Etcd() string { return filepath.Join(s.Dir, "etcd") }

// Logs returns the folder of the log files, one per component.
func (s Stack) Logs() string { return filepath.Join(s.Dir, "logs") }

// Processes returns the folder of the process records, one per started component.
func (s Stack) Processes() string { return filepath.Join(s.Dir, "processes") }

// Kubeconfig returns the path of the administrator's kubeconfig.
func (s Stack) Kubeconfig() string { return filepath.Join(s.Dir, "kubeconfig") }

// PreviewKubeconfig returns the path of the kubeconfig of the user that previews run as, with the same context.
func (s Stack) PreviewKubeconfig() string { return filepath.Join(s.Dir, "preview.kubeconfig") }

// KubeconfigVariable is the environment variable that passes Kubeconfig to the stand-ins of the clouds.
const KubeconfigVariable = "DREAMSEED_SANDBOX_KUBECONFIG"

// Cloud returns the folder of the cloud stand-ins' memory, one file per stand-in.
func (s Stack) Cloud() string { return filepath.Join(s.Dir, "cloud") }

// CloudVariable is the environment variable that passes Cloud to the stand-ins.
const CloudVariable = "DREAMSEED_SANDBOX_CLOUD"

// CloudDate is the file in Cloud that a test of the sandbox writes to set the cloud's date back: 2026-06-15.
const CloudDate = "date"

// Context returns the name of the only context in the kubeconfig.
func (s Stack) Context() string { return "dreamseed-sandbox-" + s.Name }

// ControlPlane returns the path of the control plane's state: its ports and whether it is supposed to run.
func (s Stack) ControlPlane() string { return filepath.Join(s.Dir, "control-plane.json") }

// Stages returns the folder of the kwok stages that the stack's control plane runs with.
func (s Stack) Stages() string { return filepath.Join(s.Dir, "kwok-stages") }

// Settings returns the path of a program's settings file.
func (s Stack) Settings(program string) string { return filepath.Join(s.Dir, program+".yaml") }

// Containers returns the folder of the processes that run in place of containers, one folder per pod.
func (s Stack) Containers() string { return filepath.Join(s.Dir, "containers") }

// Node returns the folder that stands in for the root of a simulated node.
func (s Stack) Node(name string) string { return filepath.Join(s.Dir, "nodes", name) }

// Claims returns the folder of the persistent volumes' content, one folder per claim.
func (s Stack) Claims() string { return filepath.Join(s.Dir, "claims") }

// VolumePlugins returns an empty folder: kube-controller-manager requires one, and would create it in /usr/libexec.
func (s Stack) VolumePlugins() string { return filepath.Join(s.Dir, "volume-plugins") }

// Project returns the Pulumi project folder that the engine works in, so that the tracked files stay unchanged.
func (s Stack) Project() string { return filepath.Join(s.Dir, "project") }

// State returns the folder of the engine's file backend.
func (s Stack) State() string { return filepath.Join(s.Dir, "state") }

// PulumiHome returns the engine's home: plugins and credentials, separate from the user's own.
func (s Stack) PulumiHome() string { return filepath.Join(s.Dir, "pulumi-home") }

// Passphrase returns the path of the passphrase that encrypts the stack's secrets.
func (s Stack) Passphrase() string { return filepath.Join(s.Dir, "passphrase") }

// Lock returns the path of the lock file that the run working on the stack holds.
func (s Stack) Lock() string { return filepath.Join(s.Dir, "lock") }
