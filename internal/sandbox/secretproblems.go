package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/config"
)

// secretKinds are the objects that a backend's operator writes Secrets from.
var secretKinds = map[config.SecretBackend]string{
	config.ExternalSecrets: "secretstores.external-secrets.io,externalsecrets.external-secrets.io",
	config.SealedSecrets:   "sealedsecrets.bitnami.com",
}

// whatToDo is the way out, by the kind of the object.
var whatToDo = map[string]string{
	"SecretStore":    "let its service account read there, or mend the store",
	"ExternalSecret": "give it a value where the secrets are kept, under the name that is told",
	"SealedSecret":   "seal it for this stack with `dreamseed seal`",
}

// secretProblems tells of each Secret that could not be written which service and key it is about, what the operator
// says, and what to do.
func (s *Sandbox) secretProblems(ctx context.Context, cfg *config.Config) ([]string, error) {
	listed, err := s.plane.Kubectl(ctx, nil, "get", secretKinds[cfg.Secrets.Backend]+",events",
		"--namespace", cfg.Environment.Namespace(), "--output", "json")
	if err != nil {
		return nil, fmt.Errorf("listing what Secrets are written from: %w", err)
	}
	return readSecretProblems(listed)
}

// secretItem is what is looked at of such an object, and of an Event about one.
type secretItem struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name   string            `json:"name"`
		Labels map[string]string `json:"labels"`
	} `json:"metadata"`
	Spec struct {
		// Data is an ExternalSecret's, and EncryptedData a SealedSecret's: either has one key.
		Data []struct {
			SecretKey string `json:"secretKey"`
		} `json:"data"`
		EncryptedData map[string]string `json:"encryptedData"`
	} `json:"spec"`
	Status struct {
		Conditions []condition `json:"conditions"`
	} `json:"status"`

	InvolvedObject struct {
		Kind string `json:"kind"`
		Name string `json:"name"`
	} `json:"involvedObject"`
	Type          string    `json:"type"`
	Message       string    `json:"message"`
	LastTimestamp time.Time `json:"lastTimestamp"`
}

// readSecretProblems reads a List of such objects and Events.
func readSecretProblems(listed []byte) ([]string, error) {
	var all struct {
		Items []secretItem `json:"items"`
	}
	if err := json.Unmarshal(listed, &all); err != nil {
		return nil, fmt.Errorf("reading what Secrets are written from: %w", err)
	}
	var problems []string
	for _, item := range all.Items {
		if message := item.problem(all.Items); message != "" {
			problems = append(problems, fmt.Sprintf("%s has no secret%s: %s %s: %s: %s",
				item.Metadata.Labels["app.kubernetes.io/name"], item.key(), item.Kind, item.Metadata.Name, message,
				whatToDo[item.Kind]))
		}
	}
	return problems, nil
}

// problem is why the object's Secret is not written, empty where it is. An operator's event says more than its
// condition.
func (i secretItem) problem(all []secretItem) string {
	at := slices.IndexFunc(i.Status.Conditions, func(c condition) bool {
		return (c.Type == "Ready" || c.Type == "Synced") && c.Status != "True"
	})
	if at < 0 {
		return ""
	}
	var last secretItem
	for _, event := range all {
		about := event.InvolvedObject.Kind == i.Kind && event.InvolvedObject.Name == i.Metadata.Name
		if about && event.Type == "Warning" && !event.LastTimestamp.Before(last.LastTimestamp) {
			last = event
		}
	}
	if last.Message != "" {
		return last.Message
	}
	return i.Status.Conditions[at].Message
}

// key is the key of the service's secret, after a space. Empty for a store, which is the way to all of them.
func (i secretItem) key() string {
	for _, data := range i.Spec.Data {
		return " " + data.SecretKey
	}
	for key := range i.Spec.EncryptedData {
		return " " + key
	}
	return ""
}
