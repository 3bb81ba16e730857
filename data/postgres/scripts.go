package postgres

import (
	"embed"
	"fmt"
	"path"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// scripts are the programs of the Jobs. The tests run these very files.
//
//go:embed backup.sh client.sh database.sh download.sh drill.sh restore.sh store.sh upload.sh
//go:embed backup.sql commit.sql rows.sql
var scripts embed.FS

// provisioning has the programs that make databases on a server that a cloud runs.
//
//go:embed provision.sh provision.sql
var provisioning embed.FS

// Scripts returns the scripts of backup and restore by the names of their files.
func Scripts() (map[string]string, error) { return read(scripts) }

// ProvisioningScripts returns the scripts that make databases by the names of their files.
func ProvisioningScripts() (map[string]string, error) { return read(provisioning) }

func read(from embed.FS) (map[string]string, error) {
	entries, err := from.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("listing the scripts: %w", err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		content, err := from.ReadFile(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", entry.Name(), err)
		}
		files[entry.Name()] = string(content)
	}
	return files, nil
}

func newScripts(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ConfigMap, error) {
	files, err := Scripts()
	if err != nil {
		return nil, err
	}
	return kube.NewImmutableConfigMap(ctx, name, &kube.ImmutableConfigMapArgs{
		Namespace: args.Namespace, Base: "postgres-scripts", Labels: kube.WorkloadLabels(Name), Data: files,
	}, opts...)
}

// Directories of the containers.
const (
	scriptsPath       = "/scripts"
	workPath          = "/work"
	databasePath      = "/etc/database"
	objectStoragePath = "/etc/object-storage"
)

// script returns the command that runs a script.
func script(shell, file string) pulumi.StringArray {
	return pulumi.ToStringArray([]string{shell, path.Join(scriptsPath, file)})
}
