package render

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"sigs.k8s.io/yaml"
)

// The folders in a rendered folder.
const (
	objectsFolder  = "objects"
	releasesFolder = "releases"
)

var folders = []string{objectsFolder, releasesFolder}

// Write replaces a folder by the rendering, whole or not at all. It returns an InputError as CheckFolder does.
func (r *Rendering) Write(folder string) error {
	if err := CheckFolder(folder, r.Stack); err != nil {
		return err
	}
	if err := r.replace(folder); err != nil {
		return fmt.Errorf("writing the manifests: %w", err)
	}
	return nil
}

// replace writes the files beside the folder first, on the same file system, so that they can be moved into its place.
func (r *Rendering) replace(folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(filepath.Dir(folder), ".dreamseed-render-*")
	if err != nil {
		return err
	}
	rendered, former := filepath.Join(beside, "rendered"), filepath.Join(beside, "former")
	err = r.writeFiles(rendered)
	if err == nil {
		err = swap(folder, rendered, former)
	}
	if err != nil {
		// Remove leaves a folder that is not empty: the former content, if it could not be moved back.
		return errors.Join(err, os.RemoveAll(rendered), os.Remove(beside))
	}
	return os.RemoveAll(beside)
}

// swap moves a folder away and the rendered one into its place. If that fails, the folder is where it was.
func swap(folder, rendered, former string) error {
	err := os.Rename(folder, former)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(rendered, folder)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(rendered, folder); err != nil {
		return errors.Join(err, os.Rename(former, folder))
	}
	return nil
}

func (r *Rendering) writeFiles(folder string) error {
	for _, inside := range folders {
		if err := os.MkdirAll(filepath.Join(folder, inside), 0o700); err != nil {
			return err
		}
	}
	marked, err := yaml.Marshal(r.marker())
	if err != nil {
		return err
	}
	files := maps.Clone(r.Files)
	files[markerFile] = string(marked)
	for path, content := range files {
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(path)), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}
