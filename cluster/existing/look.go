package existing

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/cluster"
)

// newLook looks at the cluster of a spec that was checked.
func newLook(spec *cluster.ExistingSpec) (cluster.Look, error) {
	kubeconfig, err := load(spec)
	if err != nil {
		return nil, err
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
	return func(ctx context.Context, path string, into any) error {
		if err := get(ctx, client, server.JoinPath(path).String(), into); err != nil {
			return fmt.Errorf("looking at %s in the cluster: %w", path, err)
		}
		return nil
	}, nil
}

func get(ctx context.Context, client *http.Client, url string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	switch response.StatusCode {
	case http.StatusOK:
		return json.NewDecoder(response.Body).Decode(into)
	case http.StatusNotFound, http.StatusForbidden:
		return nil
	default:
		said, _ := io.ReadAll(io.LimitReader(response.Body, shownBytes))
		return fmt.Errorf("the API server says %s: %s", response.Status, said)
	}
}

// shownBytes is how much of an answer an error shows.
const shownBytes = 512
