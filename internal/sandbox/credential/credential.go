// Package credential plays the part of the clouds' credential plugins: it hands out the sandbox administrator's
// certificate, to the sandbox's own API server only.
package credential

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/pkg/apis/clientauthentication/v1beta1"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Main is the whole of a plugin's main function. The check says what is wrong with the arguments.
func Main(name string, check func(arguments []string) error) {
	if err := run(os.Args[1:], os.Stdout, check); err != nil {
		fmt.Fprintf(os.Stderr, "%s (the sandbox's stand-in): %v\n", name, err)
		os.Exit(1)
	}
}

func run(arguments []string, stdout io.Writer, check func([]string) error) error {
	if err := check(arguments); err != nil {
		return err
	}
	config, err := clientcmd.LoadFromFile(os.Getenv(layout.KubeconfigVariable))
	if err != nil {
		return fmt.Errorf("reading the sandbox's kubeconfig, which %s names: %w", layout.KubeconfigVariable, err)
	}
	current := config.Contexts[config.CurrentContext]
	if current == nil || config.Clusters[current.Cluster] == nil || config.AuthInfos[current.AuthInfo] == nil {
		return errors.New("reading the sandbox's kubeconfig: it has no current context")
	}
	if err := checkServer(config.Clusters[current.Cluster]); err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(issue(config.AuthInfos[current.AuthInfo]))
}

// infoVariable is where a client tells a plugin which cluster it wants to reach
// (https://kubernetes.io/docs/reference/config-api/client-authentication.v1beta1).
const infoVariable = "KUBERNETES_EXEC_INFO"

// checkServer keeps the credential from any other server than the sandbox's own.
func checkServer(own *api.Cluster) error {
	var info v1beta1.ExecCredential
	if err := json.Unmarshal([]byte(os.Getenv(infoVariable)), &info); err != nil || info.Spec.Cluster == nil {
		return fmt.Errorf("reading %s: it names no cluster: the kubeconfig must say provideClusterInfo", infoVariable)
	}
	if info.Spec.Cluster.Server != own.Server {
		return fmt.Errorf("the credential is for %s, not for %s", own.Server, info.Spec.Cluster.Server)
	}
	return nil
}

func issue(user *api.AuthInfo) *v1beta1.ExecCredential {
	return &v1beta1.ExecCredential{
		TypeMeta: metav1.TypeMeta{APIVersion: v1beta1.SchemeGroupVersion.String(), Kind: "ExecCredential"},
		Status: &v1beta1.ExecCredentialStatus{
			ClientCertificateData: string(user.ClientCertificateData),
			ClientKeyData:         string(user.ClientKeyData),
		},
	}
}
