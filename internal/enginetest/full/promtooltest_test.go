package full

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/rule"
)

// unitTests is a file for `promtool test rules`
// (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules).
type unitTests struct {
	Rules []string `yaml:"rule_files"`
	// Every is how often the rules are evaluated, from the beginning on.
	Every string `yaml:"evaluation_interval"`
	// Order are the names of the groups: an alert is evaluated after what it reads.
	Order []string   `yaml:"group_eval_order"`
	Tests []unitTest `yaml:"tests"`
}

type unitTest struct {
	Interval string   `yaml:"interval"`
	Series   []series `yaml:"input_series"`
	Queries  []query  `yaml:"promql_expr_test"`
}

type series struct {
	Selector string `yaml:"series"`
	Samples  string `yaml:"values"`
}

// query is an expression with its value at a time.
type query struct {
	Expr string   `yaml:"expr"`
	At   string   `yaml:"eval_time"`
	Want []sample `yaml:"exp_samples"`
}

type sample struct {
	Labels string  `yaml:"labels"`
	Value  float64 `yaml:"value"`
}

// use adds the groups to the rules that are tested.
func (u *unitTests) use(t *testing.T, groups []rule.Group) {
	t.Helper()
	content, err := rule.File{Groups: groups}.Marshal()
	require.NoError(t, err)
	u.Rules = append(u.Rules, temporary(t, content))
	for _, group := range groups {
		u.Order = append(u.Order, group.Name)
	}
}

// run returns what promtool says about the tests.
func (u *unitTests) run(t *testing.T) (string, error) {
	t.Helper()
	content, err := yaml.Marshal(u)
	require.NoError(t, err)
	file := temporary(t, string(content))
	test := exec.CommandContext(t.Context(), local.Layout.Binary("promtool"), "test", "rules", file)
	printed, err := test.CombinedOutput()
	return string(printed), err
}

// temporary returns the path of a file that lives as long as the test.
func temporary(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}
