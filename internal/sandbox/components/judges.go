package components

const (
	judgesModule = "tools/judges"
	slothModule  = "github.com/slok/sloth"
)

// Judges returns the programs of the full check alone: other people's code that derives the same as the platform.
func Judges() []Component {
	return []Component{{
		Name: "sloth", Module: judgesModule, Package: "./cmd/sloth",
		Version:   Requirement{judgesModule, slothModule},
		Variables: []string{slothModule + "/internal/info.Version={version}"},
		Source:    Source{Module: slothModule, Edits: generateAlone},
	}}
}

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
