package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// ErrNoCluster means that a state has no Kubernetes provider: nothing was deployed yet.
var ErrNoCluster = errors.New("the stack has no cluster yet: run pulumi up first")

// kubernetesProvider is the type of the provider that every object of a cluster goes through.
const kubernetesProvider = "pulumi:providers:kubernetes"

// Cluster returns access to the stack's cluster, with the kubeconfig and the context that its objects were deployed
// with. A kubeconfig that the state keeps as a secret is decrypted in memory.
func (s Stack) Cluster(ctx context.Context, state *apitype.DeploymentV3) (*rest.Config, error) {
	inputs, found := providerInputs(state)
	if !found {
		return nil, ErrNoCluster
	}
	if _, plain := inputs["kubeconfig"].(string); !plain {
		decrypted, err := s.export(ctx, "--show-secrets")
		if err != nil {
			return nil, err
		}
		inputs, _ = providerInputs(decrypted)
	}
	kubeconfig, _ := decryptedText(inputs["kubeconfig"])
	inContext, _ := inputs["context"].(string)
	loaded, err := s.load(kubeconfig)
	if err != nil {
		return nil, err
	}
	return ClientConfig(loaded, inContext)
}

// ClientConfig returns access to the cluster of a kubeconfig's context.
func ClientConfig(kubeconfig *api.Config, inContext string) (*rest.Config, error) {
	config, err := clientcmd.NewNonInteractiveClientConfig(*kubeconfig, inContext, nil, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("reading context %q of the kubeconfig: %w", inContext, err)
	}
	config.QPS = -1 // the API server limits its clients by itself
	return config, nil
}

func providerInputs(state *apitype.DeploymentV3) (map[string]any, bool) {
	for _, one := range state.Resources {
		if one.Type == kubernetesProvider && !one.Delete {
			return one.Inputs, true
		}
	}
	return nil, false
}

// load reads a path, relative to the project, or the content itself.
func (s Stack) load(kubeconfig string) (*api.Config, error) {
	if strings.Contains(kubeconfig, "\n") || strings.HasPrefix(strings.TrimSpace(kubeconfig), "{") {
		loaded, err := clientcmd.Load([]byte(kubeconfig))
		if err != nil {
			return nil, errors.New("reading the kubeconfig in the state: it is none") // its content is never shown
		}
		return loaded, nil
	}
	loaded, err := clientcmd.LoadFromFile(s.path(kubeconfig))
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig: %w", err)
	}
	return loaded, nil
}

func (s Stack) path(kubeconfig string) string {
	if below, home := strings.CutPrefix(kubeconfig, "~/"); home {
		if folder, err := os.UserHomeDir(); err == nil {
			return filepath.Join(folder, below)
		}
	}
	if filepath.IsAbs(kubeconfig) {
		return kubeconfig
	}
	return filepath.Join(s.Project, kubeconfig)
}

// decryptedText returns a string of a decrypted state: the engine keeps the mark of a secret around its JSON
// (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/apitype/stacks.go, SecretV1).
func decryptedText(value any) (string, bool) {
	if text, plain := value.(string); plain {
		return text, true
	}
	secret, _ := value.(map[string]any)
	encoded, _ := secret["plaintext"].(string)
	var text string
	err := json.Unmarshal([]byte(encoded), &text)
	return text, err == nil
}
