package platform_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// exception is an accepted finding of the linter, with the reason. Without an object or a stack it applies to all of
// them.
type exception struct {
	Check  string `yaml:"check"`
	Kind   string `yaml:"kind"`
	Object string `yaml:"object"`
	Stack  string `yaml:"stack"`
	Reason string `yaml:"reason"`
}

func (e exception) covers(stack string, found finding) bool {
	return e.Check == found.check && e.Kind == found.kind &&
		(e.Object == "" || e.Object == found.object || hashed(e.Object, found.object)) && (e.Stack == "" || e.Stack == stack)
}

// hashed reports whether an object is named by the hash of its content, which an exception writes as a star.
func hashed(pattern, name string) bool {
	base, is := strings.CutSuffix(pattern, "*")
	return is && strings.HasPrefix(name, base)
}

// finding is a complaint of the linter.
type finding struct{ check, kind, object, comment string }

// kube-score (https://github.com/zegl/kube-score) checks the rendered objects. Each finding is fixed or has its reason
// in testdata/kube-score-exceptions.yaml; an exception without a finding must be removed.
func TestAManifestLinterFindsNothingButTheExceptions(t *testing.T) {
	exceptions := readExceptions(t)
	used := make([]bool, len(exceptions))
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		for _, found := range kubeScore(t, manifests(t, built)) {
			at := slices.IndexFunc(exceptions, func(e exception) bool { return e.covers(string(cfg.Environment), found) })
			if at < 0 {
				assert.Fail(t, "no exception for this", "%+v", found)
				continue
			}
			used[at] = true
		}
	})
	for i, one := range exceptions {
		assert.True(t, used[i], "the linter does not find this any more: %+v", one)
		assert.NotEmpty(t, one.Reason)
	}
}

// The control: a pod without any of the platform's precautions.
func TestTheLinterFindsWhatItIsThereFor(t *testing.T) {
	const careless = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "careless"}, "spec": {
		"selector": {"matchLabels": {"app": "careless"}}, "template": {"metadata": {"labels": {"app": "careless"}},
		"spec": {"containers": [{"name": "careless", "image": "careless:latest"}]}}}}`
	var checks []string
	for _, found := range kubeScore(t, []byte(careless)) {
		checks = append(checks, found.check)
	}
	assert.Subset(t, checks, []string{
		"container-resources", "container-image-tag", "container-security-context-user-group-id",
		"container-security-context-readonlyrootfilesystem", "pod-networkpolicy",
	})
}

func readExceptions(t *testing.T) []exception {
	t.Helper()
	content, err := os.ReadFile("testdata/kube-score-exceptions.yaml")
	require.NoError(t, err)
	var exceptions []exception
	require.NoError(t, yaml.Unmarshal(content, &exceptions))
	return exceptions
}

// manifests returns the Kubernetes objects as YAML documents.
func manifests(t *testing.T, built *mocktest.Recording) []byte {
	t.Helper()
	var documents bytes.Buffer
	encoder := yaml.NewEncoder(&documents)
	for _, object := range objects(built) {
		require.NoError(t, encoder.Encode(object.Inputs))
	}
	require.NoError(t, encoder.Close())
	return documents.Bytes()
}

func kubeScore(t *testing.T, manifests []byte) []finding {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../../tools/check/go.mod", "kube-score",
		"score", "--output-format", "json", "--kubernetes-version", "v1.35", "-")
	command.Stdin = bytes.NewReader(manifests)
	var complaint strings.Builder
	command.Stderr = &complaint
	printed, err := command.Output()
	var findings *exec.ExitError // kube-score exits with 1 if it found something
	if !errors.As(err, &findings) {
		require.NoError(t, err, complaint.String())
	}
	var judged []judgement
	require.NoError(t, json.Unmarshal(printed, &judged), "%s", complaint.String())
	require.NotEmpty(t, judged)
	var all []finding
	for _, one := range judged {
		all = append(all, one.findings()...)
	}
	return all
}

// judgement is kube-score's report on one object.
type judgement struct {
	TypeMeta   struct{ Kind string } `json:"type_meta"`
	ObjectMeta struct{ Name string } `json:"object_meta"`
	Checks     []struct {
		Check    struct{ ID string }
		Grade    int
		Skipped  bool
		Comments []struct{ Summary, Path string }
	}
}

// allOK is the grade of a check that found nothing.
const allOK = 10

func (j judgement) findings() []finding {
	var all []finding
	for _, check := range j.Checks {
		if !check.Skipped && check.Grade < allOK {
			all = append(all, finding{check.Check.ID, j.TypeMeta.Kind, j.ObjectMeta.Name, fmt.Sprint(check.Comments)})
		}
	}
	return all
}
