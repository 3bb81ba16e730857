package existing

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

// answerTimeout is the time within which an API server has to answer. It is generous for a cluster across an ocean.
const answerTimeout = 10 * time.Second

// apiServer is the API server that a spec names, with a client for it.
type apiServer struct {
	client  *http.Client
	url     *url.URL
	context string
}

// connect reads the spec's kubeconfig. It sends no request yet.
func connect(spec *cluster.ExistingSpec) (*apiServer, error) {
	kubeconfig, err := load(spec)
	if err != nil {
		return nil, err
	}
	if _, found := kubeconfig.Contexts[spec.Context]; !found {
		var problems invalid.Problems
		problems.Add("cluster.existing.context", spec.Context, "must be a context of the kubeconfig, which has: %s",
			strings.Join(slices.Sorted(maps.Keys(kubeconfig.Contexts)), ", "))
		return nil, problems
	}
	config, err := clientcmd.NewNonInteractiveClientConfig(*kubeconfig, spec.Context, nil, nil).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("reading context %s of the kubeconfig: %w", spec.Context, err)
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("reading the credentials of context %s: %w", spec.Context, err)
	}
	client.Timeout = answerTimeout
	server, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, fmt.Errorf("reading the server of context %s: %w", spec.Context, err)
	}
	return &apiServer{client, server, spec.Context}, nil
}

func load(spec *cluster.ExistingSpec) (*api.Config, error) {
	var problems invalid.Problems
	if spec.KubeconfigPath == "" {
		config, err := clientcmd.Load([]byte(spec.Kubeconfig))
		if err != nil {
			problems.Add("cluster.existing.kubeconfig", "(not shown)", "must be the content of a kubeconfig")
			return nil, problems
		}
		return config, nil
	}
	config, err := clientcmd.LoadFromFile(expandHome(spec.KubeconfigPath))
	if err != nil {
		problems.Add("cluster.existing.kubeconfigPath", spec.KubeconfigPath, "must name a readable kubeconfig: %v", err)
		return nil, problems
	}
	return config, nil
}

// expandHome expands the path as the Kubernetes provider does.
func expandHome(path string) string {
	rest, below := strings.CutPrefix(path, "~/")
	home, err := os.UserHomeDir()
	if !below || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// answers checks, before anything is registered, that the API server answers the identity of the kubeconfig. It
// requests the API versions, which every identity that the server knows may read, and no other: so an expired token is
// reported here, once, and not by each object.
func (s *apiServer) answers(ctx context.Context) error {
	// Every authenticated identity has the role system:discovery, and no other one does
	// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles).
	response, err := s.get(ctx, "api")
	if err != nil {
		return fmt.Errorf("asking the API server of context %s, %s: it does not answer: %w. "+
			"Nothing was changed; check that the cluster runs and can be reached from here", s.context, s.url, err)
	}
	if err := response.Body.Close(); err != nil {
		return fmt.Errorf("asking the API server of context %s, %s: %w", s.context, s.url, err)
	}
	if problem, found := refusals[response.StatusCode]; found {
		return fmt.Errorf("asking the API server of context %s, %s: %s: %s. Nothing was changed",
			s.context, s.url, response.Status, problem)
	}
	return nil
}

func (s *apiServer) get(ctx context.Context, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url.JoinPath(path).String(), nil)
	if err != nil {
		return nil, err
	}
	return s.client.Do(request)
}

// refusals explains the statuses that rule out reading or writing any object. With any other status the server is
// there.
var refusals = map[int]string{
	http.StatusUnauthorized: "it does not know the credentials of the kubeconfig; they have expired or are another " +
		"cluster's, so get new ones",
	http.StatusForbidden: "it knows no identity in the kubeconfig, or one that may not even see what it serves; check " +
		"the user of the context, and that it has the role system:discovery",
	http.StatusNotFound: "it serves no Kubernetes API at this address; check the server of the context",
}
