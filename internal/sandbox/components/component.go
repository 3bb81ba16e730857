package components

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Component describes a program of the sandbox as data.
type Component struct {
	// Name is the file name of the program.
	Name string
	// Module is the folder of the module that pins the program, relative to the project.
	Module string
	// Package is its import path, or its folder relative to the module, or to Source if that is set. A component without a
	// package consists of assets only.
	Package string
	// Source is a module; the program is built in its own source tree. Optional.
	Source Source `json:",omitzero"` // an unused field changes no stamp
	// Changed is a module that the program requires and that is compiled from an edited copy of its source tree. Optional.
	Changed Source `json:",omitzero"`
	// Tags are the build tags. They are for a component with a Source: with other tags, the components of one module would
	// share no compiled packages. Optional.
	Tags []string `json:",omitzero"`
	// Version is the requirement that provides the program's reported version. Optional.
	Version Requirement
	// Variables are the linker's -X settings, with {version}, {major} and {minor} for parts of the version.
	Variables []string
	// Overlay lists files of another module that overlay the folder Package. Optional.
	Overlay Files
	// Assets lists files of another module that are copied into the folder Place next to the programs. Optional.
	Assets Files
	// Place is the folder for the assets, relative to that of the programs.
	Place string `json:",omitzero"`
}

// Source is a module that is built as its authors build it: in a copy of its source tree, with its own go.mod and its
// replacements. The component's Module pins the version.
type Source struct {
	// Module is the module's path.
	Module string
	// Added are files that the published module lacks, by their path in it, with their content.
	Added map[string]string
	// Only lists, by folder, the Go files that stay of a package; its others are left out. Optional.
	Only map[string][]string `json:",omitempty"`
	// Cuts and Edits are changes to the module's files, in this order.
	Cuts  []Cut `json:",omitempty"`
	Edits []Edit
	// Over is a folder of the component's Module whose files are copied over the tree. They add files or replace those
	// with the same path. Optional.
	Over string `json:",omitzero"`
}

// Edit replaces a text that must occur in a file exactly once. If the module has changed there, the build fails.
type Edit struct{ Path, Old, New string }

// Cut replaces what stands in a file from a text that occurs exactly once, up to one that follows it. If the module has
// changed there, the build fails.
type Cut struct{ Path, From, Until, New string }

// Requirement is a module in the require list of a go.mod file.
type Requirement struct {
	// Folder is the folder of the go.mod file, relative to the project.
	Folder string
	// Module is the path of the required module.
	Module string
}

// Files are files in a module that the component's module requires.
type Files struct {
	// Module is the module's path.
	Module string
	// Paths are relative to the module.
	Paths []string
}

// OperatorsModule is the folder of the module that pins the operators.
const OperatorsModule = "tools/operators"

// The folders of the other modules.
const (
	kubernetesModule = "tools/kubernetes"
	pulumiModule     = "tools/pulumi"
	rootModule       = "."
)

const (
	kubernetesVersion = "k8s.io/component-base/version."
	engineVersion     = "github.com/pulumi/pulumi/sdk/v3/go/common/version."
	engineModule      = "github.com/pulumi/pulumi/pkg/v3"
	providerModule    = "github.com/pulumi/pulumi-kubernetes/provider/v4"
	providerFiles     = "cmd/pulumi-resource-kubernetes/"
	stages            = "kustomize/stage/"
	metrics           = "kustomize/metrics/"
)

// Always returns the programs of every sandbox in build order.
func Always() []Component {
	return []Component{
		kubernetes("kube-apiserver"),
		kubernetes("kube-controller-manager"),
		kubernetes("kube-scheduler"),
		kubernetes("kubectl"),
		{
			Name: "kwok", Module: kubernetesModule, Package: "sigs.k8s.io/kwok/cmd/kwok",
			Place: layout.Stages,
			Assets: Files{Module: "sigs.k8s.io/kwok", Paths: []string{
				stages + "node/fast/node-initialize.yaml",
				stages + "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
				stages + "pod/fast/pod-ready.yaml",
				stages + "pod/fast/pod-complete.yaml",
				stages + "pod/fast/pod-delete.yaml",
				metrics + "resource/metrics-resource.yaml",
				metrics + "usage/usage-from-annotation.yaml",
			}},
		},
		{Name: "etcd", Module: kubernetesModule, Package: "go.etcd.io/etcd/server/v3"},
		{
			Name: "pulumi", Module: pulumiModule, Package: engineModule + "/cmd/pulumi",
			Version:   Requirement{pulumiModule, engineModule},
			Variables: []string{engineVersion + "Version={version}"},
			Changed:   Source{Module: engineModule, Over: "./engine", Edits: slices.Concat(withoutClouds, savesTogether)},
		},
		{
			Name: "pulumi-resource-kubernetes", Module: pulumiModule, Package: "./pulumi-resource-kubernetes",
			// The commit pins the module; the SDK's requirement gives the version that it was released as.
			Version:   Requirement{rootModule, "github.com/pulumi/pulumi-kubernetes/sdk/v4"},
			Variables: []string{providerModule + "/pkg/version.Version={version}"},
			Overlay: Files{Module: providerModule, Paths: []string{
				providerFiles + "schema.json", providerFiles + "terraform-mapping.json",
			}},
			Changed: Source{Module: providerModule, Edits: withoutComponents()},
		},
		{Name: "pulumi-language-go", Module: rootModule, Package: "./internal/sandbox/languagehost"},
		{Name: "program", Module: rootModule, Package: "./internal/sandbox/program"},
	}
}

// withoutClouds removes the cloud backends for state and keys, and the client of Pulumi Cloud: a sandbox keeps its
// state in a folder and its key in a file. They take a third of the engine's compile time. The folder Over has the
// rest.
var withoutClouds = []Edit{
	{"backend/diy/backend.go", `	_ "gocloud.dev/blob/azureblob" // driver for azblob://` + "\n", ""},
	{"backend/diy/backend.go", `	"gocloud.dev/blob/gcsblob"     // driver for gs://` + "\n", ""},
	{"backend/diy/backend.go", `	_ "gocloud.dev/blob/s3blob"    // driver for s3://` + "\n", ""},
	{"backend/diy/backend.go", `	"` + engineModule + `/authhelpers"` + "\n", ""},
	{
		"backend/diy/backend.go", `	if p.Scheme == gcsblob.Scheme {
		blobmux, err = authhelpers.GoogleCredentialsMux(ctx)
		if err != nil {
			return nil, err
		}
	}
`, "",
	},
	{"secrets/cloud/manager.go", `	_ "gocloud.dev/secrets/awskms"        // support for awskms://` + "\n", ""},
	{"secrets/cloud/manager.go", `	_ "gocloud.dev/secrets/azurekeyvault" // support for azurekeyvault://` + "\n", ""},
	{"secrets/cloud/manager.go", `	"gocloud.dev/secrets/gcpkms"          // support for gcpkms://` + "\n", ""},
	{"secrets/cloud/manager.go", `	_ "gocloud.dev/secrets/hashivault"    // support for hashivault://` + "\n", ""},
	{"secrets/cloud/manager.go", `	"google.golang.org/api/cloudkms/v1"` + "\n", ""},
	{"secrets/cloud/manager.go", `	"` + engineModule + `/authhelpers"` + "\n", ""},
	{
		"secrets/cloud/manager.go", `	case gcpkms.Scheme:
		credentials, err := authhelpers.ResolveGoogleCredentials(ctx, cloudkms.CloudkmsScope)
		if err != nil {
			return nil, fmt.Errorf("missing google credentials: %w", err)
		}

		kmsClient, _, err := gcpkms.Dial(ctx, credentials.TokenSource)
		if err != nil {
			return nil, fmt.Errorf("failed to connect to gcpkms: %w", err)
		}
		opener := gcpkms.URLOpener{
			Client: kmsClient,
		}

		return opener.OpenKeeperURL(ctx, u)
`, "",
	},
	{"cmd/pulumi/cloud/schema.go", "package cloud\n", "//go:build never\n\npackage cloud\n"},
}

// savesTogether lets one write of the state serve every step that waits for one. The engine writes the whole state
// after each step, which takes most of its time when it works on many resources at once. A step still goes on only when
// what it did is in the file.
var savesTogether = []Edit{{
	Path: "backend/snapshot.go",
	Old: `			var err error
			if request.mutator() {
				err = sm.saveSnapshot()
				hasElidedWrites = false
			} else {
				hasElidedWrites = true
			}
			request.result <- err
`,
	New: `			waiting := []mutationRequest{request}
			for more := true; more; {
				select {
				case another := <-mutationRequests:
					waiting = append(waiting, another)
				default:
					more = false
				}
			}
			hasElidedWrites = true
			for _, one := range waiting {
				if one.mutator() {
					hasElidedWrites = false
				}
			}
			var err error
			if !hasElidedWrites {
				err = sm.saveSnapshot()
			}
			for _, one := range waiting {
				one.result <- err
			}
`,
}}

// withoutComponents removes the provider's component resources, which the platform does not use. Only they need the Go
// SDK of every API group, which takes most of the compile time.
func withoutComponents() []Edit {
	const file, packages = "pkg/provider/provider_construct.go", providerModule + "/pkg/provider/"
	var edits []Edit
	for _, line := range []string{
		`providerhelmv4 "` + packages + `helm/v4"`,
		`providerkustomizev2 "` + packages + `kustomize/v2"`,
		`provideryamlv2 "` + packages + `yaml/v2"`,
		`"kubernetes:yaml/v2:ConfigFile":     provideryamlv2.NewConfigFileProvider,`,
		`"kubernetes:yaml/v2:ConfigGroup":    provideryamlv2.NewConfigGroupProvider,`,
		`"kubernetes:helm.sh/v4:Chart":       providerhelmv4.NewChartProvider,`,
		`"kubernetes:kustomize/v2:Directory": providerkustomizev2.NewDirectoryProvider,`,
	} {
		edits = append(edits, Edit{Path: file, Old: line + "\n"})
	}
	return edits
}

const (
	standIns    = "./internal/sandbox/standin/"
	credentials = "./internal/sandbox/credential/"
)

// Clouds returns the additional programs of a stack in a cloud: the program with every cloud's SDK, which
// takes minutes to compile, the stand-ins of the clouds, and the stand-ins of the kubeconfigs' credential plugins.
func Clouds() []Component {
	return []Component{
		{Name: "platform", Module: rootModule, Package: "github.com/dreamseed/platform"},
		{Name: "pulumi-resource-gcp", Module: rootModule, Package: standIns + "pulumi-resource-gcp"},
		{Name: "pulumi-resource-aws", Module: rootModule, Package: standIns + "pulumi-resource-aws"},
		{Name: "pulumi-resource-azure-native", Module: rootModule, Package: standIns + "pulumi-resource-azure-native"},
		{Name: "gke-gcloud-auth-plugin", Module: rootModule, Package: credentials + "gke-gcloud-auth-plugin"},
		{Name: "aws", Module: rootModule, Package: credentials + "aws"},
		{Name: "kubelogin", Module: rootModule, Package: credentials + "kubelogin"},
	}
}

func kubernetes(name string) Component {
	return Component{
		Name: name, Module: kubernetesModule, Package: "k8s.io/kubernetes/cmd/" + name,
		Version: Requirement{kubernetesModule, "k8s.io/kubernetes"},
		Variables: []string{
			kubernetesVersion + "gitVersion={version}",
			kubernetesVersion + "gitMajor={major}",
			kubernetesVersion + "gitMinor={minor}",
			kubernetesVersion + "gitCommit=module",
			kubernetesVersion + "gitTreeState=clean",
		},
	}
}

// pinned reports whether the component changes with its pins only, not with the source of this repository.
func (c Component) pinned() bool { return c.Module != rootModule }

// tagFlags returns the flag that sets the component's build tags.
func (c Component) tagFlags() []string {
	if len(c.Tags) == 0 {
		return nil
	}
	return []string{"-tags", strings.Join(c.Tags, ",")}
}

// linkerFlags returns the linker flags for a program of that version.
func (c Component) linkerFlags(version string) (string, error) {
	flags := []string{"-s", "-w"}
	if len(c.Variables) == 0 {
		return strings.Join(flags, " "), nil
	}
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) != 3 {
		return "", fmt.Errorf("%s has version %q, not one of three parts", c.Version.Module, version)
	}
	fill := strings.NewReplacer("{version}", version, "{major}", parts[0], "{minor}", parts[1])
	for _, variable := range c.Variables {
		flags = append(flags, "-X", fill.Replace(variable))
	}
	return strings.Join(flags, " "), nil
}
