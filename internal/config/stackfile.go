package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	pulumiconfig "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// FromStackFile loads the configuration of a stack from the project's folder, without an engine: encrypted values count
// as given, but their content is unknown.
func FromStackFile(project, stack string) (*Config, error) {
	given, err := readStackFile(project, stack)
	if err != nil {
		return nil, err
	}
	config, err := load(given)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration of stack %s:\n%w", stack, err)
	}
	return config, nil
}

func readStackFile(folder, stack string) (given, error) {
	project, err := workspace.LoadProject(filepath.Join(folder, "Pulumi.yaml"))
	if err != nil {
		return given{}, fmt.Errorf("reading the project: %w", err)
	}
	file := stackFile(folder, stack)
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return given{}, fmt.Errorf("reading stack %s: there is no %s; the stacks here are: %s",
			stack, filepath.Base(file), strings.Join(Stacks(folder), ", "))
	}
	quiet := diag.DefaultSink(os.Stderr, os.Stderr, diag.FormatOptions{Color: colors.Never})
	settings, err := workspace.LoadProjectStack(quiet, project, file)
	if err != nil {
		return given{}, fmt.Errorf("reading %s: %w", filepath.Base(file), err)
	}
	all := given{values: map[string]string{}}
	checkSyntax(content, &all.problems)
	for key, value := range settings.Config {
		all.values[key.String()], err = value.Value(pulumiconfig.NewBlindingDecrypter())
		if err != nil {
			return given{}, fmt.Errorf("reading %s from %s: %w", key, filepath.Base(file), err)
		}
		if value.Secure() {
			all.secretKeys = append(all.secretKeys, key.String())
		}
	}
	return all, nil
}

func stackFile(folder, stack string) string { return filepath.Join(folder, "Pulumi."+stack+".yaml") }

// Stacks returns the stacks that have a file in the project's folder, sorted.
func Stacks(folder string) []string {
	// Glob returns an error only for an invalid pattern, and this one is constant.
	files, _ := filepath.Glob(filepath.Join(folder, "Pulumi.*.yaml"))
	for i, file := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml")
	}
	return files
}
