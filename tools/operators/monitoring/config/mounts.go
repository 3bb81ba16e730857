package config

import (
	"os"
	"path/filepath"
	"strings"
)

// underMounts returns a configuration in which each path in a volume of the pod is the path of the same file on this
// machine. SANDBOX_MOUNTS lists the paths at which the pod mounts its volumes, and SANDBOX_ROOT is the folder that holds
// them here. Without them nothing changes.
func underMounts(content []byte) []byte {
	root := os.Getenv("SANDBOX_ROOT")
	var pairs []string
	for _, mount := range filepath.SplitList(os.Getenv("SANDBOX_MOUNTS")) {
		pairs = append(pairs, mount+"/", root+mount+"/")
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(content)))
}
