package grafana

import (
	"maps"
	"path"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// settings override Grafana's configuration file: GF_, the section and the key
// (https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana, "Override configuration with environment
// variables").
var settings = map[string]string{
	// The image reads a setting that ends in __FILE from a file
	// (https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/#configure-grafana-with-docker-secrets).
	"GF_SECURITY_ADMIN_PASSWORD__FILE": path.Join(adminPath, adminFile),
	"GF_SERVER_HTTP_PORT":              portText,

	// The root file system is read-only.
	"GF_PATHS_DATA":         dataPath,
	"GF_PATHS_LOGS":         path.Join(dataPath, "log"),
	"GF_PATHS_PLUGINS":      path.Join(dataPath, "plugins"),
	"GF_PATHS_PROVISIONING": provisioningPath,
	"GF_LOG_MODE":           "console",

	// Nobody sees anything without an account, and only the administrator creates one.
	"GF_AUTH_ANONYMOUS_ENABLED":     "false",
	"GF_USERS_ALLOW_SIGN_UP":        "false",
	"GF_SNAPSHOTS_EXTERNAL_ENABLED": "false",

	// Nothing leaves the cluster: no policy lets it, and each attempt would wait for its timeout.
	"GF_ANALYTICS_REPORTING_ENABLED":           "false",
	"GF_ANALYTICS_CHECK_FOR_UPDATES":           "false",
	"GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES":    "false",
	"GF_ANALYTICS_FEEDBACK_LINKS_ENABLED":      "false",
	"GF_NEWS_NEWS_FEED_ENABLED":                "false",
	"GF_SECURITY_DISABLE_GRAVATAR":             "true",
	"GF_PLUGINS_PLUGIN_ADMIN_ENABLED":          "false",
	"GF_PLUGINS_PREINSTALL_DISABLED":           "true",
	"GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED": "true",

	// Prometheus evaluates the rules, and Alertmanager notifies.
	"GF_UNIFIED_ALERTING_ENABLED": "false",
}

// homeSetting names the file of the dashboard that is shown first.
const homeSetting = "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"

// settingsOf returns the settings of a Grafana that browsers reach under a host of its own, by HTTPS alone
// (https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#root_url, #cookie_secure).
func settingsOf(host string) map[string]string {
	return map[string]string{
		"GF_SERVER_ROOT_URL":        "https://" + host + "/",
		"GF_SECURITY_COOKIE_SECURE": "true",
	}
}

func (args *Args) environment() corev1.EnvVarArray {
	all := maps.Clone(settings)
	if args.Host != "" {
		maps.Copy(all, settingsOf(args.Host))
	}
	if len(args.Dashboards) > 0 {
		home := args.Dashboards[0]
		all[homeSetting] = path.Join(dashboardsPath, home.Folder, fileOf(home))
	}
	variables := corev1.EnvVarArray{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		variables = append(variables, &corev1.EnvVarArgs{Name: pulumi.String(name), Value: pulumi.String(all[name])})
	}
	return variables
}
