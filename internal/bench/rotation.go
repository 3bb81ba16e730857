package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dreamseed/platform/cluster"
)

const (
	// rotated is the Secret whose value is changed where it is kept.
	rotated = "auth-secrets-database-url"
	// rotationPromise is what the default of secrets.refreshSeconds says.
	rotationPromise = time.Minute
)

// rotation measures how long a changed value of the secret manager takes until it is in the Secret that pods mount.
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

// version is another one as soon as the operator has written another value.
func (s *stage) version(ctx context.Context) (string, error) {
	return s.run(ctx, "get", "secret", rotated, "--output=jsonpath={.metadata.resourceVersion}")
}

// keep gives a secret another value in what plays the secret manager.
func (s *stage) keep(ctx context.Context, name, value string) error {
	_, err := s.plane.Kubectl(ctx, strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "Secret",
		"metadata": {"name": %q, "namespace": %q}, "stringData": {%q: %q}}`,
		name, cluster.SecretNamespace, cluster.SecretProperty, value)),
		"apply", "--server-side", "--force-conflicts", "--filename=-")
	return err
}
