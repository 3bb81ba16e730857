package controlplane

import (
	"bytes"
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	kube "k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// writeKubeconfig writes a kubeconfig with one context, called name, for the user of a client certificate. Everything
// is embedded, so the file can be copied anywhere. An up-to-date file is left alone.
func (p pki) writeKubeconfig(path, name, user, server string) error {
	data, err := p.kubeconfig(name, user, server)
	if err != nil {
		return fmt.Errorf("writing the kubeconfig of %s: %w", user, err)
	}
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return privatefile.Write(path, data)
}

func (p pki) kubeconfig(name, user, server string) ([]byte, error) {
	files := map[string][]byte{p.cert(clusterAuthority): nil, p.cert(user): nil, p.key(user): nil}
	for path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		files[path] = data
	}
	return clientcmd.Write(kube.Config{
		Clusters: map[string]*kube.Cluster{
			name: {Server: server, CertificateAuthorityData: files[p.cert(clusterAuthority)]},
		},
		AuthInfos: map[string]*kube.AuthInfo{
			user: {ClientCertificateData: files[p.cert(user)], ClientKeyData: files[p.key(user)]},
		},
		Contexts:       map[string]*kube.Context{name: {Cluster: name, AuthInfo: user}},
		CurrentContext: name,
	})
}
