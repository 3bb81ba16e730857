package monitoring

import "github.com/dreamseed/platform/internal/sandbox/components"

// prometheus are Prometheus and promtool. Both are compiled from the same changed source, and share its packages.
var prometheus = []components.Component{
	{Name: "prometheus", Package: "./cmd/prometheus", Source: prometheusSource, Tags: prometheusTags},
	{Name: "promtool", Package: "./cmd/promtool", Source: prometheusSource, Tags: prometheusTags},
}

// prometheusTags leave out every service discovery but that of Kubernetes: the others are clients of the clouds, a
// sixth of the packages (https://github.com/prometheus/prometheus#building-from-source).
var prometheusTags = []string{"remove_all_sd", "enable_kubernetes_sd"}

// prometheusSource lets Prometheus read the deployed configuration byte for byte outside its pod.
var prometheusSource = components.Source{
	Module: "github.com/prometheus/prometheus",
	Over:   mounts,
	Edits: []components.Edit{
		{
			Path: "config/config.go",
			Old:  "Load(string(content), logger)", New: "Load(string(underMounts(content)), logger)",
		},
		{
			Path: "config/reload.go",
			Old:  "yaml.Unmarshal(yamlContent, &config)", New: "yaml.Unmarshal(underMounts(yamlContent), &config)",
		},
		// In a pod the token and the address of the API server are at fixed places.
		{
			Path: "discovery/kubernetes/kubernetes.go",
			Old:  "rest.InClusterConfig()", New: `clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))`,
		},
		// The addresses of pods and Services exist behind the sandbox's proxy only.
		{
			Path: "scrape/scrape.go",
			Old:  "	client, err := config_util.NewClientFromConfig(cfg, name, optFuncs...)\n",
			New: "	cfg.ProxyFromEnvironment = true\n" +
				"	client, err := config_util.NewClientFromConfig(cfg, name, optFuncs...)\n",
		},
		{
			Path: "notifier/alertmanagerset.go",
			Old:  `	client, err := config_util.NewClientFromConfig(cfg.HTTPClientConfig, "alertmanager")` + "\n",
			New: "	proxied := cfg.HTTPClientConfig\n	proxied.ProxyFromEnvironment = true\n" +
				`	client, err := config_util.NewClientFromConfig(proxied, "alertmanager")` + "\n",
		},
	},
}
