package credential

import (
	"errors"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Administrator is how the sandbox's own kubeconfig leads to its API server.
type Administrator struct {
	// Server is the address of the API server.
	Server string
	// Authority is the PEM of the authority that signed the server's certificate, encoded in base64.
	Authority string
	// Certificate and Key are the administrator's, each a PEM encoded in base64.
	Certificate, Key string
}

// ReadAdministrator reads the kubeconfig that layout.KubeconfigVariable names, as it is at this moment.
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

// kubeconfig is as much of the format as the sandbox writes. The library of Kubernetes would be most of a program here.
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

// named is the entry of this name, empty where there is none.
func named(entries []entry, name string) entry {
	for _, one := range entries {
		if one.Name == name {
			return one
		}
	}
	return entry{}
}
