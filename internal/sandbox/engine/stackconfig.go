package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// writeStackConfig derives the working copy of the stack's configuration: the tracked values, overlaid with the
// overrides, and the salt of the sandbox's own passphrase.
func (e *Engine) writeStackConfig(project *workspace.Project, overrides map[string]string) error {
	tracked := filepath.Join(e.layout.Project, filepath.Base(e.stackConfig()))
	if _, err := os.Stat(tracked); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("stack %s has no configuration: write %s, or name a stack that has one", e.stack.Name, tracked)
	}
	derived, err := loadStackConfig(project, tracked)
	if err != nil {
		return err
	}
	if err := override(derived.Config, overrides); err != nil {
		return err
	}
	if err := refuseSecrets(derived.Config, tracked); err != nil {
		return err
	}
	previous, err := loadStackConfig(project, e.stackConfig())
	if err != nil {
		return err
	}
	derived.SecretsProvider = previous.SecretsProvider
	derived.EncryptedKey = previous.EncryptedKey
	derived.EncryptionSalt = previous.EncryptionSalt

	if err := saveWhole(derived, e.stackConfig()); err != nil {
		return fmt.Errorf("writing the configuration of stack %s: %w", e.stack.Name, err)
	}
	return nil
}

// loadStackConfig reads a stack's configuration. A missing file counts as empty.
func loadStackConfig(project *workspace.Project, path string) (*workspace.ProjectStack, error) {
	var warnings strings.Builder
	sink := diag.DefaultSink(&warnings, &warnings, diag.FormatOptions{Color: colors.Never})
	stack, err := workspace.LoadProjectStack(sink, project, path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if warnings.Len() > 0 {
		return nil, fmt.Errorf("reading %s: %s", path, strings.TrimSpace(warnings.String()))
	}
	return stack, nil
}

func override(values config.Map, overrides map[string]string) error {
	for _, path := range slices.Sorted(maps.Keys(overrides)) {
		key, err := config.ParseKey(path)
		if err != nil {
			return fmt.Errorf("overriding %q: %w", path, err)
		}
		if err := values.Set(key, config.NewTypedValue(overrides[path], config.TypeString), true); err != nil {
			return fmt.Errorf("overriding %q: %w", path, err)
		}
	}
	return nil
}

// refuseSecrets reports values that were encrypted with a key from outside the sandbox, which cannot be decrypted here.
func refuseSecrets(values config.Map, file string) error {
	var names []string
	for _, key := range slices.SortedFunc(maps.Keys(values), compareKeys) {
		if value := values[key]; value.Secure() {
			names = append(names, key.String())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("the sandbox cannot decrypt what %s keeps encrypted: give %s a value of the sandbox's own",
		file, strings.Join(names, ", "))
}

func compareKeys(a, b config.Key) int { return strings.Compare(a.String(), b.String()) }
