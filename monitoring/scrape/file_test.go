package scrape_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/scrape"
)

// prometheusFile has the fields of prometheus.yml that the tests read, under the names of Prometheus's documentation.
// The tests refuse any other field.
type prometheusFile struct {
	Global struct {
		ScrapeInterval     string            `yaml:"scrape_interval"`
		EvaluationInterval string            `yaml:"evaluation_interval"`
		ExternalLabels     map[string]string `yaml:"external_labels"`
	}
	Storage struct {
		TSDB struct{ Retention struct{ Time, Size string } }
	}
	RuleFiles []string `yaml:"rule_files"`
	Alerting  struct {
		AlertRelabelConfigs []step `yaml:"alert_relabel_configs"`
		Alertmanagers       []struct {
			StaticConfigs []struct{ Targets []string } `yaml:"static_configs"`
		}
	}
	RemoteWrite   []remoteWrite `yaml:"remote_write"`
	ScrapeConfigs []job         `yaml:"scrape_configs"`
}

type remoteWrite struct {
	URL           string
	Authorization authorization
}

type authorization struct {
	CredentialsFile string `yaml:"credentials_file"`
}

type job struct {
	Name                  string `yaml:"job_name"`
	Interval              string `yaml:"scrape_interval"`
	HonorLabels           bool   `yaml:"honor_labels"`
	TrackStaleness        bool   `yaml:"track_timestamps_staleness"`
	Fallback              string `yaml:"fallback_scrape_protocol"`
	MetricsPath           string `yaml:"metrics_path"`
	Scheme                string
	Authorization         authorization
	TLS                   map[string]string `yaml:"tls_config"`
	SampleLimit           int               `yaml:"sample_limit"`
	TargetLimit           int               `yaml:"target_limit"`
	BodySizeLimit         string            `yaml:"body_size_limit"`
	LabelLimit            int               `yaml:"label_limit"`
	LabelValueLengthLimit int               `yaml:"label_value_length_limit"`
	Discoveries           []discovery       `yaml:"kubernetes_sd_configs"`
	Targets               []step            `yaml:"relabel_configs"`
	Metrics               []step            `yaml:"metric_relabel_configs"`
}

type discovery struct {
	Role       string
	Namespaces struct{ Names []string }
}

// step is a step of relabelling.
type step struct {
	Source      []string `yaml:"source_labels"`
	Separator   string
	Regex       string
	Target      string `yaml:"target_label"`
	Replacement *string
	Action      string
}

// prometheusYML returns the file for these arguments.
func prometheusYML(t *testing.T, args scrape.Args) prometheusFile {
	t.Helper()
	text, err := scrape.Prometheus(args)
	require.NoError(t, err)
	var file prometheusFile
	decodeStrictly(t, text, &file)
	require.NotEmpty(t, file.ScrapeConfigs)
	return file
}

func decodeStrictly(t *testing.T, text string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(into))
}

// job returns a job of the file.
func (f prometheusFile) job(t *testing.T, name string) job {
	t.Helper()
	for _, one := range f.ScrapeConfigs {
		if one.Name == name {
			return one
		}
	}
	require.Fail(t, "no such job", name)
	return job{}
}

// namespaces returns the namespaces in which the job finds pods; none if it finds nodes.
func (j job) namespaces(t *testing.T) []string {
	t.Helper()
	require.Len(t, j.Discoveries, 1)
	return j.Discoveries[0].Namespaces.Names
}

// scrapesPods reports whether the job finds pods.
func (j job) scrapesPods(t *testing.T) bool {
	t.Helper()
	require.Len(t, j.Discoveries, 1)
	return j.Discoveries[0].Role == "pod"
}
