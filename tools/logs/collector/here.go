package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// here makes the deployed configuration that of a process outside its pod: a path in a volume becomes the path of the
// same file on this machine, and the API server comes from a kubeconfig. SANDBOX_MOUNTS lists the paths at which the
// pod mounts its volumes, and SANDBOX_ROOT is the folder that holds them here. Without them nothing changes.
type here struct {
	root   string
	mounts []string
}

func newHere(confmap.ConverterSettings) confmap.Converter {
	return here{os.Getenv("SANDBOX_ROOT"), filepath.SplitList(os.Getenv("SANDBOX_MOUNTS"))}
}

// Convert changes a configuration. Variables in it have their values already.
func (h here) Convert(_ context.Context, read *confmap.Conf) error {
	if h.root == "" {
		return nil
	}
	changed, ok := h.changed(read.ToStringMap()).(map[string]any)
	if !ok {
		return fmt.Errorf("the configuration is no map")
	}
	return read.Merge(confmap.NewFromStringMap(changed))
}

func (h here) changed(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = h.changed(inner)
		}
		if value["auth_type"] == "serviceAccount" {
			value["auth_type"] = "kubeConfig"
		}
	case []any:
		for i := range value {
			value[i] = h.changed(value[i])
		}
	case string:
		return h.place(value)
	}
	return value
}

func (h here) place(path string) string {
	for _, mount := range h.mounts {
		if path == mount || strings.HasPrefix(path, mount+"/") {
			return h.root + path
		}
	}
	return path
}
