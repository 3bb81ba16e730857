package config

import (
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
)

// validateEncrypted refuses a value that is encrypted in the stack file but would not stay so: it would appear in clear
// in a ConfigMap or in the state. The program keeps only the kubeconfig secret, and that one must be encrypted. The
// engine names only the top-level keys that hold an encrypted value.
func (c *Config) validateEncrypted(keys []string, problems *invalid.Problems) {
	var found invalid.Problems
	if c.Cluster.Existing.Kubeconfig != "" && !slices.Contains(keys, "cluster") {
		found.AddSecret("cluster.existing.kubeconfig", "must be encrypted, for it holds credentials: "+
			"pulumi config set --secret --path '%scluster.existing.kubeconfig'", prefix)
	}
	for _, key := range slices.Sorted(slices.Values(keys)) {
		if key == "cluster" && c.Cluster.Existing.Kubeconfig != "" {
			continue
		}
		found.AddSecret(key, "must not be encrypted: only cluster.existing.kubeconfig stays a secret from here on, and "+
			"what a service has to keep secret is one of services.<name>.secrets")
	}
	addWhereDecoded(found, problems)
}
