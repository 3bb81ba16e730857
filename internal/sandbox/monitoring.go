package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/load"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
)

// MonitoringAddresses returns where the programs of monitoring listen on this machine, one line for each port of a pod,
// once all of them run.
func (s *Sandbox) MonitoringAddresses(ctx context.Context) ([]string, error) {
	supervisor, err := s.supervisor(ctx)
	if err != nil {
		return nil, err
	}
	text, err := ask(ctx, http.MethodGet, "http://"+supervisor.Address+"/addresses", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking where monitoring listens: %w; see %s", err, supervisor.Log)
	}
	return slices.Collect(strings.Lines(text)), nil
}

// SetLoad sets the load of the services' pods from now on: the first rule that holds for a pod counts. Until it is set
// each pod answers one request a second.
func (s *Sandbox) SetLoad(ctx context.Context, rules []load.Rule) error {
	supervisor, err := s.supervisor(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(rules)
	if err != nil {
		return err
	}
	if _, err := ask(ctx, http.MethodPut, "http://"+supervisor.Address+"/load", bytes.NewReader(body)); err != nil {
		return fmt.Errorf("setting the load of the services: %w", err)
	}
	return nil
}

// supervisor returns the status of the supervisor.
func (s *Sandbox) supervisor(ctx context.Context) (controlplane.ComponentStatus, error) {
	components, err := s.plane.Status(ctx)
	if err != nil {
		return controlplane.ComponentStatus{}, err
	}
	at := slices.IndexFunc(components, func(c controlplane.ComponentStatus) bool { return c.Name == monitoring.Name })
	if at < 0 {
		return controlplane.ComponentStatus{}, &NotRunningError{Stack: s.stack.Name}
	}
	return components[at], nil
}

// ask requests a URL on loopback, for which no proxy is used.
func ask(ctx context.Context, method, url string, body io.Reader) (string, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return "", err
	}
	response, err := (&http.Client{Transport: &http.Transport{Proxy: nil}}).Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s", strings.TrimSpace(string(text)))
	}
	return string(text), err
}
