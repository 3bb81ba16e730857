// Package alerts asks an environment's own Prometheus which alerts fire.
package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/dreamseed/platform/monitoring/alert"
)

// Alert is an alert that fires.
type Alert struct {
	Name     string `json:"name"`
	Severity string `json:"severity"`
	// Service is the service that it is about, if it is about one.
	Service string `json:"service,omitempty"`
	// Summary is its sentence for people.
	Summary string    `json:"summary"`
	Since   time.Time `json:"since"`
}

// ErrSilent means that not even the alert fires which always does: Prometheus evaluates no rules, so that nobody knows
// of any other alert.
var ErrSilent = fmt.Errorf("the alert %s does not fire, which always does: no rules are evaluated", alert.Heartbeat)

// answer is Prometheus' list of alerts (https://prometheus.io/docs/prometheus/latest/querying/api/#alerts).
type answer struct {
	Status string `json:"status"`
	Error  string `json:"error"`
	Data   struct {
		Alerts []struct {
			Labels      map[string]string `json:"labels"`
			Annotations map[string]string `json:"annotations"`
			State       string            `json:"state"`
			ActiveAt    time.Time         `json:"activeAt"`
		} `json:"alerts"`
	} `json:"data"`
}

// maxAnswer is more than the alerts of an environment take, in bytes.
const maxAnswer = 8 << 20

// Firing returns the alerts that fire, the longest first, from the API of a Prometheus at a URL. The error is ErrSilent
// if its rules are not evaluated.
func Firing(ctx context.Context, client *http.Client, url string) ([]Alert, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/alerts", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking Prometheus: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking Prometheus: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it is only read
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking Prometheus: it answers %s", response.Status)
	}
	var said answer
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&said); err != nil {
		return nil, fmt.Errorf("reading the answer of Prometheus: %w", err)
	}
	if said.Status != "success" {
		return nil, fmt.Errorf("asking Prometheus: %w", errors.New(said.Error))
	}
	return said.firing()
}

func (a answer) firing() ([]Alert, error) {
	var firing []Alert
	silent := true
	for _, one := range a.Data.Alerts {
		name := one.Labels["alertname"]
		switch {
		case one.State != "firing":
		case name == alert.Heartbeat:
			silent = false
		default:
			firing = append(firing, Alert{
				Name: name, Severity: one.Labels["severity"], Service: one.Labels["service"],
				Summary: one.Annotations["summary"], Since: one.ActiveAt,
			})
		}
	}
	if silent {
		return nil, ErrSilent
	}
	slices.SortStableFunc(firing, func(a, b Alert) int { return a.Since.Compare(b.Since) })
	return firing, nil
}
