package container

import (
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	kube "k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// credentials is the folder of a pod's credentials for the API server
// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api).
const credentials = "/var/run/secrets/kubernetes.io/serviceaccount" //nolint:gosec // a folder

// writeKubeconfig writes a kubeconfig with the credentials that the pod mounts. It names the files, so that a renewed
// token counts. A pod without credentials gets a kubeconfig without any, with which the API server refuses everything.
func writeKubeconfig(path, server string, of *volumes) error {
	const name = "pod"
	user := &kube.AuthInfo{}
	cluster := &kube.Cluster{Server: server}
	if folder := of.place(credentials); folder != credentials {
		user.TokenFile = filepath.Join(folder, "token")
		cluster.CertificateAuthority = filepath.Join(folder, "ca.crt")
	}
	data, err := clientcmd.Write(kube.Config{
		Clusters:       map[string]*kube.Cluster{name: cluster},
		AuthInfos:      map[string]*kube.AuthInfo{name: user},
		Contexts:       map[string]*kube.Context{name: {Cluster: name, AuthInfo: name}},
		CurrentContext: name,
	})
	if err != nil {
		return err
	}
	return privatefile.Write(path, data)
}
