package full

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/monitoring/scrape/scrapetest"
)

// The file names others that exist in a pod only, such as the token of its service account; so promtool checks its
// syntax alone, which includes the value of each field.
func TestPrometheusAcceptsItsConfiguration(t *testing.T) {
	text, err := scrape.Prometheus(scrapetest.Example())
	require.NoError(t, err)
	check := checker{program: "promtool", arguments: []string{"check", "config", "--syntax-only"}}

	printed, err := check.of(t, text)
	require.NoError(t, err, printed)

	for _, spoiled := range []struct{ old, new string }{
		{"sample_limit:", "samples_limit:"},
		{"PrometheusText0.0.4", "PrometheusText0.0.5"},
		{"42949672960B", "42949672960 bytes"},
		{"action: labeldrop", "action: dropLabel"},
	} {
		require.Contains(t, text, spoiled.old)
		_, err := check.of(t, strings.Replace(text, spoiled.old, spoiled.new, 1))
		assert.Error(t, err, spoiled.new)
	}
}

// acceptsWhatIsDeployed checks the files of the deployed ConfigMaps.
func acceptsWhatIsDeployed(t *testing.T) {
	config := checker{program: "promtool", arguments: []string{"check", "config", "--syntax-only"}}
	rules := checker{program: "promtool", arguments: []string{"check", "rules"}}
	alertmanager := checker{program: "amtool", arguments: []string{"check-config"}}
	checked := map[string]int{}
	for _, one := range watched.Each(t, "configmaps", "--namespace=dreamseed-monitoring") {
		for file, text := range one.Data {
			check := rules
			switch {
			case file == "prometheus.yml":
				check = config
			case file == "alertmanager.yml":
				check = alertmanager
			case !strings.HasPrefix(one.Metadata.Name, "prometheus"):
				continue
			}
			printed, err := check.of(t, text.(string))
			require.NoError(t, err, "%s of %s: %s", file, one.Metadata.Name, printed)
			checked[strings.Join(append([]string{check.program}, check.arguments...), " ")]++
		}
	}
	assert.Len(t, checked, 3, "%v", checked)
}

func TestAlertmanagerAcceptsItsConfiguration(t *testing.T) {
	check := checker{program: "amtool", arguments: []string{"check-config"}}
	for name, args := range map[string]scrape.AlertmanagerArgs{
		"receivers": scrapetest.ExampleAlertmanager(),
		"nobody":    {},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := scrape.Alertmanager(args)
			require.NoError(t, err)
			printed, err := check.of(t, text)
			require.NoError(t, err, printed)

			require.Contains(t, text, "inhibit_rules:")
			_, err = check.of(t, strings.Replace(text, "inhibit_rules:", "inhibitions:", 1))
			assert.Error(t, err, "the control")
		})
	}
}

func TestAlertmanagerRoutesBySeverity(t *testing.T) {
	text, err := scrape.Alertmanager(scrapetest.ExampleAlertmanager())
	require.NoError(t, err)
	for label, receiver := range map[string]string{
		"severity=page": "on-call", "severity=ticket": "team", "severity=heartbeat": "dead-man",
		"severity=unheard-of": "team", "alertname=WithoutSeverity": "team",
	} {
		route := checker{program: "amtool", arguments: []string{"config", "routes", "test", label, "--config.file"}}
		printed, err := route.of(t, text)
		require.NoError(t, err, printed)
		assert.Equal(t, receiver, strings.TrimSpace(printed), label)
	}
}

// checker is a program that reads a file, whose path is its last argument.
type checker struct {
	program   string
	arguments []string
}

// of returns what the program says about the text.
func (c checker) of(t *testing.T, text string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	command := exec.CommandContext(t.Context(), local.Layout.Binary(c.program), append(c.arguments, path)...)
	printed, err := command.CombinedOutput()
	return string(printed), err
}
