package engine

import (
	"maps"
	"net/url"
	"os"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Environment returns the engine's whole environment. It is an allow-list, so that nothing ambient can redirect a run:
// no KUBECONFIG, no Pulumi account, no configuration, no cloud credentials, and a home directory without any of these
// in files.
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

// Variables returns the variables that a shell needs to run pulumi by hand on this stack.
func (e *Engine) Variables() map[string]string {
	return map[string]string{
		"PATH":                          e.layout.Bin + string(os.PathListSeparator) + os.Getenv("PATH"),
		"PULUMI_HOME":                   e.stack.PulumiHome(),
		"PULUMI_BACKEND_URL":            backend(e.stack.State()),
		"PULUMI_CONFIG_PASSPHRASE_FILE": e.stack.Passphrase(),
		"PULUMI_SKIP_UPDATE_CHECK":      "true",
		// The stand-ins of the clouds lead to this cluster.
		layout.KubeconfigVariable: e.stack.Kubeconfig(),
		layout.CloudVariable:      e.stack.Cloud(),
		// The project file names the providers: none is downloaded or found by chance.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		"PULUMI_IGNORE_AMBIENT_PLUGINS":               "true",
		// The API server has only one client. With the provider's defaults, 50 and 120, a run of some hundred resources would
		// spend most of its time in the client's own rate limiter.
		"PULUMI_K8S_CLIENT_QPS":   "500",
		"PULUMI_K8S_CLIENT_BURST": "1000",
	}
}

// collectLate disables garbage collection in the short-lived Go programs of a run. They need some hundred megabytes,
// and the collector takes a quarter of their time.
var collectLate = map[string]string{"GOGC": "off", "GOMEMLIMIT": "1GiB"}

// backend returns the address of the file backend. Without metadata it keeps no attributes next to the state: an engine
// killed while it writes them leaves an empty file, and then no later run can load the state.
func backend(folder string) string {
	return (&url.URL{Scheme: "file", Path: folder, RawQuery: "metadata=skip"}).String()
}

// inherited lists the variables that a run takes over from its caller: for the terminal, and for temporary files.
var inherited = []string{"LANG", "LC_ALL", "NO_COLOR", "TERM", "TMPDIR", "USER"}

func pairs(variables map[string]string) []string {
	var environment []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		environment = append(environment, name+"="+variables[name])
	}
	return environment
}
