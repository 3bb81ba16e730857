package credential

import (
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Administrator holds the connection settings of the sandbox's own kubeconfig.
type Administrator struct {
	// Server is the address of the API server.
	Server string
	// Authority is the base64-encoded PEM of the certificate authority that signed the server's certificate.
	Authority string
	// Certificate and Key are the administrator's, each a base64-encoded PEM.
	Certificate, Key string
}

// ReadAdministrator reads the current kubeconfig that layout.KubeconfigVariable names.
func ReadAdministrator() (Administrator, error) {
	path := os.Getenv(layout.KubeconfigVariable)
	if path == "" {
		return Administrator{}, fmt.Errorf("finding the sandbox's API server: %s is not set: what plays the part of a cloud "+
			"only works in a sandbox", layout.KubeconfigVariable)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Administrator{}, fmt.Errorf("finding the sandbox's API server: %w", err)
	}
	administrator, err := parse(content)
	if err != nil {
		return Administrator{}, fmt.Errorf("finding the sandbox's API server in %s: %w", path, err)
	}
	return administrator, nil
}

// kubeconfig has the part of the format that the sandbox writes. The Kubernetes library would be most of the program's
// size.
type kubeconfig struct {
	Current                   string `yaml:"current-context"`
	Contexts, Clusters, Users []entry
}

// entry is a context, a cluster or a user.
type entry struct {
	Name    string
	Context struct{ Cluster, User string }
	Cluster struct {
		Server    string
		Authority string `yaml:"certificate-authority-data"`
	}
	User struct {
		Certificate string `yaml:"client-certificate-data"`
		Key         string `yaml:"client-key-data"`
	}
}

func parse(content []byte) (Administrator, error) {
	var config kubeconfig
	if err := yaml.Unmarshal(content, &config); err != nil {
		return Administrator{}, err
	}
	current := named(config.Contexts, config.Current).Context
	cluster, user := named(config.Clusters, current.Cluster).Cluster, named(config.Users, current.User).User
	found := Administrator{cluster.Server, cluster.Authority, user.Certificate, user.Key}
	if found.Server == "" || found.Authority == "" || found.Certificate == "" || found.Key == "" {
		return Administrator{}, errors.New("it has no current context with a cluster and a client certificate")
	}
	return found, nil
}

// named returns the entry of this name, or an empty one.
func named(entries []entry, name string) entry {
	for _, one := range entries {
		if one.Name == name {
			return one
		}
	}
	return entry{}
}
