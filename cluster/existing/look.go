package existing

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// look implements cluster.Look.
func (s *apiServer) look(ctx context.Context, path string, into any) error {
	if err := s.read(ctx, path, into); err != nil {
		return fmt.Errorf("looking at %s in the cluster: %w", path, err)
	}
	return nil
}

func (s *apiServer) read(ctx context.Context, path string, into any) error {
	response, err := s.get(ctx, path)
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

// shownBytes is the maximum length of a response in an error.
const shownBytes = 512
