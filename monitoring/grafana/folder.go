package grafana

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/monitoring/dashboard"
)

// maxBytes is the size of the largest ConfigMap, with room for its metadata. Kubernetes allows 1 MiB
// (https://kubernetes.io/docs/concepts/configuration/configmap).
const maxBytes = 1000 << 10

// folder is a folder of dashboards: a ConfigMap that is mounted as a directory.
type folder struct {
	title string
	files *corev1.ConfigMap
}

// slug returns the title as a part of names.
func slug(title string) string { return strings.ToLower(strings.ReplaceAll(title, " ", "-")) }

// object returns the name of a folder's ConfigMap.
func object(title string) string { return workload + "-dashboards-" + slug(title) }

// newFolders registers a ConfigMap for each folder, under fixed names: Grafana reads changed files again, so no pod is
// replaced for a dashboard. The cluster's provider changes a ConfigMap in place only with enableConfigMapMutable;
// otherwise it would delete the former one.
func newFolders(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) ([]folder, error) {
	content, err := args.folders()
	if err != nil {
		return nil, err
	}
	var folders []folder
	for _, title := range slices.Sorted(maps.Keys(content)) {
		files, err := corev1.NewConfigMap(ctx, name+"-"+slug(title), &corev1.ConfigMapArgs{
			Metadata: args.metadata(object(title)), Data: pulumi.ToStringMap(content[title]),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the config map of folder %s: %w", title, err)
		}
		folders = append(folders, folder{title: title, files: files})
	}
	return folders, nil
}

// fileOf returns the name of a dashboard's file in the directory of its folder.
func fileOf(one dashboard.Dashboard) string { return one.UID + ".json" }

// folders returns the files of each folder.
func (args *Args) folders() (map[string]map[string]string, error) {
	content := map[string]map[string]string{}
	sizes := map[string]int{}
	for _, one := range args.Dashboards {
		if content[one.Folder] == nil {
			content[one.Folder] = map[string]string{}
		}
		file := fileOf(one)
		if _, taken := content[one.Folder][file]; taken {
			return nil, fmt.Errorf("two dashboards of folder %s have the uid %s", one.Folder, one.UID)
		}
		content[one.Folder][file] = string(one.JSON)
		if sizes[one.Folder] += len(file) + len(one.JSON); sizes[one.Folder] > maxBytes {
			return nil, fmt.Errorf("the dashboards of folder %s are larger than %d bytes: give some of them another folder",
				one.Folder, maxBytes)
		}
	}
	return content, nil
}
