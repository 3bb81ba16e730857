package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dreamseed/platform/cluster"
)

const (
	// rotated is the Secret whose source value is changed.
	rotated = "auth-secrets-database-url"
	// rotationPromise is the default of secrets.refreshSeconds.
	rotationPromise = time.Minute
)

// rotation measures the time from a changed value in the secret manager to the Secret that pods mount.
func (s *stage) rotation(ctx context.Context) error {
	name, err := s.run(ctx, "get", "externalsecret", rotated, "--output=jsonpath={.spec.data[0].remoteRef.key}")
	if err != nil {
		return fmt.Errorf("asking where the secret is kept: %w", err)
	}
	before, err := s.version(ctx)
	if err != nil {
		return err
	}
	return s.bench.figures.time("from a changed secret to the Secret that pods mount", rotationPromise, func() error {
		if err := s.keep(ctx, name, time.Now().Format(time.RFC3339Nano)); err != nil {
			return err
		}
		return s.until(ctx, func() (bool, error) {
			now, err := s.version(ctx)
			return now != before, err
		})
	})
}

// version returns the resource version of the Secret, which changes when the operator writes another value.
func (s *stage) version(ctx context.Context) (string, error) {
	return s.run(ctx, "get", "secret", rotated, "--output=jsonpath={.metadata.resourceVersion}")
}

// keep sets the value of a secret in the namespace that plays the secret manager.
func (s *stage) keep(ctx context.Context, name, value string) error {
	_, err := s.plane.Kubectl(ctx, strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "Secret",
		"metadata": {"name": %q, "namespace": %q}, "stringData": {%q: %q}}`,
		name, cluster.SecretNamespace, cluster.SecretProperty, value)),
		"apply", "--server-side", "--force-conflicts", "--filename=-")
	return err
}
