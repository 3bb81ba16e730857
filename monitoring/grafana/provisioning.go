package grafana

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/naming"
	"github.com/dreamseed/platform/monitoring/dashboard"
)

// Files from which Grafana learns where its data and dashboards are
// (https://grafana.com/docs/grafana/latest/administration/provisioning).
const (
	datasourcesFile = "datasources.yaml"
	providersFile   = "dashboards.yaml"
)

type datasources struct {
	APIVersion int `yaml:"apiVersion"`
	// Prune removes datasources that are no longer in the file.
	Prune       bool         `yaml:"prune"`
	Datasources []datasource `yaml:"datasources"`
}

type datasource struct {
	Name string `yaml:"name"`
	UID  string `yaml:"uid"`
	Type string `yaml:"type"`
	// Access says from where it is asked: proxy means from Grafana, and not from the user's browser.
	Access    string         `yaml:"access"`
	URL       string         `yaml:"url"`
	IsDefault bool           `yaml:"isDefault"`
	Editable  bool           `yaml:"editable"`
	JSONData  map[string]any `yaml:"jsonData"`
}

type providers struct {
	APIVersion int        `yaml:"apiVersion"`
	Providers  []provider `yaml:"providers"`
}

type provider struct {
	Name           string `yaml:"name"`
	Type           string `yaml:"type"`
	AllowUIUpdates bool   `yaml:"allowUiUpdates"`
	// UpdateIntervalSeconds is how often the files are read again.
	UpdateIntervalSeconds int             `yaml:"updateIntervalSeconds"`
	Options               providerOptions `yaml:"options"`
}

type providerOptions struct {
	Path string `yaml:"path"`
	// FoldersFromFilesStructure gives each directory a folder of its name.
	FoldersFromFilesStructure bool `yaml:"foldersFromFilesStructure"`
}

// provisioning returns the content of the files.
func (args *Args) provisioning() (map[string]string, error) {
	files := map[string]string{}
	for name, content := range map[string]any{
		datasourcesFile: datasources{APIVersion: 1, Prune: true, Datasources: []datasource{{
			Name: "Prometheus", UID: dashboard.Datasource, Type: "prometheus", Access: "proxy",
			URL: args.PrometheusURL, IsDefault: true,
			// A long expression does not fit into a URL.
			JSONData: map[string]any{"httpMethod": "POST"},
		}}},
		providersFile: providers{APIVersion: 1, Providers: []provider{{
			Name: "platform", Type: "file", UpdateIntervalSeconds: 30,
			Options: providerOptions{Path: dashboardsPath, FoldersFromFilesStructure: true},
		}}},
	} {
		data, err := yaml.Marshal(content)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", name, err)
		}
		files[name] = string(data)
	}
	return files, nil
}

// provisioned is the ConfigMap with the files, and a checksum of them.
type provisioned struct {
	files    *corev1.ConfigMap
	checksum string
}

// newProvisioning registers the ConfigMap of the files, which is changed in place.
func newProvisioning(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*provisioned, error) {
	content, err := args.provisioning()
	if err != nil {
		return nil, err
	}
	named := workload + "-provisioning"
	files, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: args.metadata(named), Data: pulumi.ToStringMap(content),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the config map: %w", err)
	}
	return &provisioned{files: files, checksum: naming.WithHash(named, content)}, nil
}
