package engine

import (
	"maps"
	"net/url"
	"os"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Environment is the engine's whole environment. It is a list of what is allowed in, so that nothing ambient can
// redirect a run: no KUBECONFIG, no Pulumi account, no configuration, no cloud credentials; and a home without any of
// these in files.
func (e *Engine) Environment() []string {
	variables := e.Variables()
	maps.Copy(variables, collectLate)
	variables["HOME"] = e.stack.PulumiHome()
	for _, name := range inherited {
		if value, set := os.LookupEnv(name); set {
			variables[name] = value
		}
	}
	return pairs(variables)
}

// Variables is what a shell needs so that a pulumi typed by hand works on this stack, too.
func (e *Engine) Variables() map[string]string {
	return map[string]string{
		"PATH":                          e.layout.Bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"PULUMI_HOME":                   e.stack.PulumiHome(),
		"PULUMI_BACKEND_URL":            backend(e.stack.State()),
		"PULUMI_CONFIG_PASSPHRASE_FILE": e.stack.Passphrase(),
		"PULUMI_SKIP_UPDATE_CHECK":      "true",
		// What plays the part of a cloud leads to this cluster.
		layout.KubeconfigVariable: e.stack.Kubeconfig(),
		layout.CloudVariable:      e.stack.Cloud(),
		// The providers are the ones that the project file names: nothing is downloaded, nothing found by chance.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		"PULUMI_IGNORE_AMBIENT_PLUGINS":               "true",
		// The API server has one client. With the provider's defaults, 50 and 120, a run of some hundred resources spends
		// most of its time waiting for its own turn.
		"PULUMI_K8S_CLIENT_QPS":   "500",
		"PULUMI_K8S_CLIENT_BURST": "1000",
	}
}

// collectLate lets the short-lived Go programs of a run, which need some hundred megabytes, do without the garbage
// collection that takes a quarter of their time.
var collectLate = map[string]string{"GOGC": "off", "GOMEMLIMIT": "1GiB"}

// backend is the address of the file backend. Without metadata it keeps no attributes beside the state: an engine that
// is killed while it writes them leaves an empty file, with which no later run can load the state.
func backend(folder string) string {
	return (&url.URL{Scheme: "file", Path: folder, RawQuery: "metadata=skip"}).String()
}

// inherited is what a run may take over from its caller: how to speak to the terminal, and where temporary files go.
var inherited = []string{"LANG", "LC_ALL", "NO_COLOR", "TERM", "TMPDIR", "USER"}

func pairs(variables map[string]string) []string {
	var environment []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		environment = append(environment, name+"="+variables[name])
	}
	return environment
}
