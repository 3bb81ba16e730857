package standin

import (
	"encoding/base64"
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// readAPIServer reads where the sandbox's API server is at this moment, and who signed its certificate.
func readAPIServer() (APIServer, error) {
	path := os.Getenv(layout.KubeconfigVariable)
	if path == "" {
		return APIServer{}, fmt.Errorf("finding the sandbox's API server: %s is not set: a stand-in only works in a sandbox",
			layout.KubeconfigVariable)
	}
	config, err := clientcmd.LoadFromFile(path)
	if err != nil {
		return APIServer{}, fmt.Errorf("finding the sandbox's API server: %w", err)
	}
	current := config.Contexts[config.CurrentContext]
	if current == nil || config.Clusters[current.Cluster] == nil {
		return APIServer{}, fmt.Errorf("finding the sandbox's API server: %s has no current cluster", path)
	}
	at := config.Clusters[current.Cluster]
	return APIServer{URL: at.Server, Authority: base64.StdEncoding.EncodeToString(at.CertificateAuthorityData)}, nil
}
