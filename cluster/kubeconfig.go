package cluster

import (
	"encoding/base64"
	"fmt"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Kubeconfig describes access to one cluster and holds no credential: each client asks the cloud for one every time,
// with the identity that it finds in its environment.
type Kubeconfig struct {
	// Name is the name of the cluster, the user and the only context.
	Name string
	// Server is the URL of the API server.
	Server string
	// Authority is the PEM certificate of the API server's certificate authority, in base64 as the clouds return it.
	Authority string
	// Command and Args run the cloud's credential plugin
	// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
	Command string
	Args    []string
}

// Encode returns the kubeconfig as YAML. It fails if the authority is not base64.
func (k Kubeconfig) Encode() (string, error) {
	authority, err := base64.StdEncoding.DecodeString(k.Authority)
	if err != nil {
		return "", fmt.Errorf("reading the certificate authority of cluster %s: %w", k.Name, err)
	}
	config := api.NewConfig()
	config.Clusters[k.Name] = &api.Cluster{Server: k.Server, CertificateAuthorityData: authority}
	config.AuthInfos[k.Name] = &api.AuthInfo{Exec: &api.ExecConfig{
		APIVersion:         "client.authentication.k8s.io/v1beta1",
		Command:            k.Command,
		Args:               k.Args,
		ProvideClusterInfo: true,
		InteractiveMode:    api.NeverExecInteractiveMode,
	}}
	config.Contexts[k.Name] = &api.Context{Cluster: k.Name, AuthInfo: k.Name}
	config.CurrentContext = k.Name
	encoded, err := clientcmd.Write(*config)
	if err != nil {
		return "", fmt.Errorf("encoding the kubeconfig of cluster %s: %w", k.Name, err)
	}
	return string(encoded), nil
}
