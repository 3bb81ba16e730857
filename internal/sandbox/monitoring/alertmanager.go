package monitoring

import "github.com/dreamseed/platform/internal/sandbox/components"

// alertmanager are Alertmanager and amtool, which checks its configuration and its routes.
var alertmanager = []components.Component{
	{Name: "alertmanager", Package: "./cmd/alertmanager", Source: alertmanagerSource},
	{Name: "amtool", Package: "./cmd/amtool", Source: alertmanagerSource},
}

// alertmanagerSource lets Alertmanager read the deployed configuration byte for byte outside its pod.
var alertmanagerSource = components.Source{
	Module: "github.com/prometheus/alertmanager",
	Over:   mounts,
	Added: map[string]string{
		// Its two user interfaces are compiled into these folders before a release, and embedded.
		"ui/app/dist/elm/index.html":     noInterface,
		"ui/app/dist/mantine/index.html": noInterface,
	},
	Edits: []components.Edit{{
		Path: "config/config.go",
		Old:  "Load(string(content))", New: "Load(string(underMounts(content)))",
	}},
}

const noInterface = "The sandbox builds no user interface.\n"
