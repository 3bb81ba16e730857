package container

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/dynamic"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// volumes are those of a pod that a container mounts.
type volumes struct {
	client dynamic.Interface
	spec   Spec
	mounts []corev1.VolumeMount // outer folders first
	tokens tokens
}

func newVolumes(client dynamic.Interface, spec Spec, container *corev1.Container) *volumes {
	mounts := slices.Clone(container.VolumeMounts)
	slices.SortFunc(mounts, func(a, b corev1.VolumeMount) int { return strings.Compare(a.MountPath, b.MountPath) })
	return &volumes{client: client, spec: spec, mounts: mounts, tokens: tokens{}}
}

// root returns the folder that stands in for the root of the container.
func (v *volumes) root() string { return filepath.Join(v.spec.Folder, "root") }

// list returns the paths of the mounts as one value.
func (v *volumes) list() string {
	var paths []string
	for _, mount := range v.mounts {
		paths = append(paths, mount.MountPath)
	}
	return strings.Join(paths, string(filepath.ListSeparator))
}

// place returns the path on this machine of a path in a volume, and any other text as it is.
func (v *volumes) place(text string) string {
	for _, mount := range v.mounts {
		if text == mount.MountPath || strings.HasPrefix(text, mount.MountPath+"/") {
			return v.root() + text
		}
	}
	return text
}

// placed returns arguments with their paths changed, which are whole arguments or the values of flags.
func (v *volumes) placed(arguments []string) []string {
	var all []string
	for _, one := range arguments {
		if name, value, ok := strings.Cut(one, "="); ok {
			all = append(all, name+"="+v.place(value))
			continue
		}
		all = append(all, v.place(one))
	}
	return all
}

// mount writes the volumes and puts each where the container mounts it.
func (v *volumes) mount(ctx context.Context) error {
	if err := os.RemoveAll(v.root()); err != nil { // links only: the volumes are elsewhere
		return err
	}
	if err := v.refresh(ctx); err != nil {
		return err
	}
	for _, mount := range v.mounts {
		volume, err := v.volume(mount.Name)
		if err != nil {
			return err
		}
		path := v.root() + mount.MountPath
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := link(filepath.Join(v.folder(volume), mount.SubPath), path); err != nil {
			return fmt.Errorf("mounting volume %s: %w", mount.Name, err)
		}
	}
	return nil
}

// link makes a link at a path. The path may be inside another volume, where an earlier process left its link.
func link(to, path string) error {
	if present, err := os.Readlink(path); err == nil && present == to {
		return nil
	}
	return os.Symlink(to, path)
}

func (v *volumes) volume(name string) (*corev1.Volume, error) {
	all := v.spec.Pod.Spec.Volumes
	at := slices.IndexFunc(all, func(volume corev1.Volume) bool { return volume.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("the pod has no volume %s", name)
	}
	return &all[at], nil
}

// folder returns the folder with the content of a volume.
func (v *volumes) folder(volume *corev1.Volume) string {
	switch {
	case volume.PersistentVolumeClaim != nil:
		return filepath.Join(v.spec.Claims, v.spec.Pod.Namespace, volume.PersistentVolumeClaim.ClaimName)
	case volume.HostPath != nil:
		return filepath.Join(v.spec.Node, volume.HostPath.Path)
	default:
		return filepath.Join(v.spec.Folder, "volumes", volume.Name)
	}
}

// refresh writes the files of every mounted volume that changed.
func (v *volumes) refresh(ctx context.Context) error {
	for _, mount := range v.mounts {
		volume, err := v.volume(mount.Name)
		if err != nil {
			return err
		}
		if volume.HostPath != nil && v.spec.Node == "" {
			continue // it is there, or it is missing in the container, too
		}
		files, err := v.files(ctx, volume)
		if err != nil {
			return fmt.Errorf("reading volume %s: %w", volume.Name, err)
		}
		if err := write(v.folder(volume), files); err != nil {
			return fmt.Errorf("writing volume %s: %w", volume.Name, err)
		}
	}
	return nil
}

// write makes a folder have these files, byte for byte. Nil leaves its files alone: they are the container's own.
func write(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for path, content := range files {
		path = filepath.Join(folder, path)
		if old, err := os.ReadFile(path); err == nil && string(old) == string(content) {
			continue
		}
		if err := privatefile.Write(path, content); err != nil {
			return err
		}
	}
	if files == nil {
		return nil
	}
	return removeOthers(folder, files)
}

// removeOthers removes the files that a volume no longer has. Links are mounts.
func removeOthers(folder string, files map[string][]byte) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // nothing is written through it
	return fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if _, kept := files[path]; kept || err != nil || !entry.Type().IsRegular() {
			return err
		}
		return root.Remove(path)
	})
}
