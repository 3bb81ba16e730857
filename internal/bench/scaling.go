package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	scaled = "auth-service"
	// idle and busy are the CPU usage of each pod, which requests 250m.
	idle, busy = "50m", "400m"
	// look is the interval between two checks.
	look = 200 * time.Millisecond
	// patience is the longest wait.
	patience = 5 * time.Minute
)

// scaling measures the time from a jump in load until more pods are ready.
func (s *stage) scaling(ctx context.Context) error {
	if err := s.use(ctx, idle); err != nil {
		return err
	}
	// The autoscaler has to see the idle pods before they become busy.
	if err := s.until(ctx, func() (bool, error) {
		seen, err := s.ask(ctx, "hpa", "{.items[*].status.currentMetrics[*].resource.current.averageUtilization}")
		return seen != "" && !strings.HasPrefix(seen, "0"), err
	}); err != nil {
		return fmt.Errorf("waiting for the autoscaler to see the usage: %w", err)
	}
	before, err := s.ready(ctx)
	if err != nil {
		return err
	}
	return s.bench.figures.time("from a jump in load to more ready pods", scalingPromise, func() error {
		if err := s.use(ctx, busy); err != nil {
			return err
		}
		return s.until(ctx, func() (bool, error) {
			now, err := s.ready(ctx)
			return now > before, err
		})
	})
}

// use sets the CPU usage of the pods.
func (s *stage) use(ctx context.Context, cpu string) error {
	_, err := s.run(ctx, "annotate", "pods", "--selector", "app.kubernetes.io/name="+scaled, "--overwrite",
		"kwok.x-k8s.io/usage-cpu="+cpu)
	return err
}

func (s *stage) ready(ctx context.Context) (int, error) {
	found, err := s.ask(ctx, "rollout,deployment", "{.items[*].status.readyReplicas}")
	if err != nil {
		return 0, err
	}
	count, err := strconv.Atoi(found)
	if err != nil {
		return 0, fmt.Errorf("reading the count of ready pods: %w", err)
	}
	return count, nil
}

// ask reads a field of the service's workload or autoscaler.
func (s *stage) ask(ctx context.Context, kinds, path string) (string, error) {
	return s.run(ctx, "get", kinds, "--selector", "app.kubernetes.io/name="+scaled, "--output", "jsonpath="+path)
}

func (s *stage) run(ctx context.Context, words ...string) (string, error) {
	printed, err := s.plane.Kubectl(ctx, nil, append([]string{"--namespace=dreamseed-production"}, words...)...)
	return strings.TrimSpace(string(printed)), err
}

func (s *stage) until(ctx context.Context, holds func() (bool, error)) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		done, err := holds()
		if done || err != nil {
			return err
		}
		select {
		case <-limited.Done():
			return errors.New("it did not happen in time")
		case <-time.After(look):
		}
	}
}
