package components

const (
	judgesModule = "tools/judges"
	slothModule  = "github.com/slok/sloth"
	actModule    = "github.com/nektos/act"
	argoCDModule = "github.com/argoproj/argo-cd/v3"
)

// Judges returns what the full check alone needs: other people's code that derives the same as the platform, or runs
// its workflows, and the kinds of a tool that reads what the platform writes.
func Judges() []Component {
	return []Component{
		{
			Name: "sloth", Module: judgesModule, Package: "./cmd/sloth",
			Version:   Requirement{judgesModule, slothModule},
			Variables: []string{slothModule + "/internal/info.Version={version}"},
			Source:    Source{Module: slothModule, Edits: generateAlone},
		},
		{
			Name: "act", Module: judgesModule, Package: ".",
			Version: Requirement{judgesModule, actModule},
			Source:  Source{Module: actModule, Edits: cancelAsGitHub},
		},
		{
			Name: ArgoCD, Module: judgesModule, Place: ArgoCD,
			Version: Requirement{judgesModule, argoCDModule},
			Assets:  Files{Module: argoCDModule, Paths: []string{"manifests/crds/" + ApplicationKind}},
		},
		seaweedFS(),
	}
}

// ArgoCD is the folder, beside the programs, of the kinds of Argo CD. ApplicationKind is the file of its Application.
const (
	ArgoCD          = "argo-cd"
	ApplicationKind = "application-crd.yaml"
)

// cancelAsGitHub makes act end a cancelled step as GitHub's runner does: it interrupts the first process of the step,
// and kills it ten seconds later (https://github.com/pulumi/actions/issues/928). act alone kills it at once.
var cancelAsGitHub = []Edit{{
	"pkg/container/host_environment.go", "	cmd := exec.CommandContext(ctx, f)\n",
	`	cmd := exec.CommandContext(ctx, f)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
`,
}}

// generateAlone removes Sloth's controller and its web server: two thirds of its packages, and no rule is from them.
var generateAlone = []Edit{
	{"cmd/sloth/commands/k8scontroller.go", "package commands\n", "//go:build never\n\npackage commands\n"},
	{"cmd/sloth/commands/server.go", "package commands\n", "//go:build never\n\npackage commands\n"},
	{
		"cmd/sloth/main.go", `	kubeCtrlCmd := commands.NewKubeControllerCommand(app)
	serverCmd := commands.NewServerCommand(app)
`, "",
	},
	{
		"cmd/sloth/main.go", `		kubeCtrlCmd.Name(): kubeCtrlCmd,
		serverCmd.Name():   serverCmd,
`, "",
	},
}
