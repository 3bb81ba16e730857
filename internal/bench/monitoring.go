package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/load"
)

// monitoring measures what the monitoring adds to the local stack, what the real Prometheus takes, and how soon it
// raises an alert.
func (b *bench) monitoring(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "local")) }()
	box := sandbox.Open(layout.Default(b.clone), "local")
	up := func() error {
		return quietly(func(show sandbox.Display) error { _, err := box.Up(ctx, show); return err })
	}
	if err := b.reconfigureStack("local", elsewhere); err != nil {
		return err
	}
	if err := b.difference(ctx, box, up); err != nil {
		return err
	}
	box.Monitoring = true
	if err := up(); err != nil {
		return err
	}
	prometheus, err := prometheusOf(ctx, box)
	if err != nil {
		return err
	}
	if err := b.alerting(ctx, box, prometheus); err != nil {
		return err
	}
	if err := b.size(ctx, prometheus); err != nil {
		return err
	}
	return b.following(ctx, box, up, prometheus)
}

// elsewhere leaves the monitoring to somebody else.
func elsewhere(config map[string]any) error {
	config["dreamseed:monitoring"] = map[string]any{"prometheus": "present", "url": "http://prometheus:9090"}
	return nil
}

// difference measures an up and a preview without the monitoring, and with it.
func (b *bench) difference(ctx context.Context, box *sandbox.Sandbox, up func() error) error {
	preview := func() error { return previewOf(ctx, box) }
	if err := up(); err != nil { // the control plane runs from here on
		return err
	}
	without, err := elapsed(preview)
	if err != nil {
		return err
	}
	if err := b.reconfigureStack("local", func(config map[string]any) error {
		delete(config, "dreamseed:monitoring")
		return nil
	}); err != nil {
		return err
	}
	added, err := elapsed(up)
	if err != nil {
		return err
	}
	with, err := elapsed(preview)
	if err != nil {
		return err
	}
	b.figures.add(figure{name: "monitoring: an up that adds it", unit: inSeconds, target: 10}, added)
	b.figures.add(figure{name: "monitoring: more in a preview without changes", unit: inSeconds, target: 1}, with-without)
	return nil
}

// previewOf runs a preview that compares with the state.
func previewOf(ctx context.Context, box *sandbox.Sandbox) error {
	return quietly(func(show sandbox.Display) error {
		_, err := box.Preview(ctx, sandbox.PreviewOptions{}, show)
		return err
	})
}

// alerting measures the time from the first failed requests of a service until its page fires.
func (b *bench) alerting(ctx context.Context, box *sandbox.Sandbox, prometheus string) error {
	failing := []load.Rule{{
		Labels: map[string]string{"app.kubernetes.io/name": "auth-service"},
		Load:   load.Load{RequestsPerSecond: 20, ErrorShare: 0.5},
	}}
	if err := box.SetLoad(ctx, failing); err != nil {
		return err
	}
	return b.figures.time("monitoring: from failed requests to a page that fires", 2*time.Minute, func() error {
		return awaitSeries(ctx, prometheus,
			`ALERTS{alertname="ServiceAvailabilityBudgetBurn",alertstate="firing",severity="page",service="auth-service"}`)
	})
}

// following measures the time from a jump in requests until more pods are ready. The jump is to three times what a pod
// is to be asked.
func (b *bench) following(ctx context.Context, box *sandbox.Sandbox, up func() error, prometheus string) error {
	const target = 50
	if err := b.reconfigureStack("local", func(config map[string]any) error {
		auth := config["dreamseed:services"].(map[string]any)["auth"].(map[string]any)
		auth["autoscaling"].(map[string]any)["requestsPerSecond"] = target
		return nil
	}); err != nil {
		return err
	}
	asked := func(each float64) []load.Rule {
		return []load.Rule{{
			Labels: map[string]string{"app.kubernetes.io/name": scaled}, Load: load.Load{RequestsPerSecond: each},
		}}
	}
	// Nothing serves the use of CPU and memory here, and an autoscaler that knows part of its targets does not shrink: it
	// would be inactive with fewer requests than its pods are for.
	if err := box.SetLoad(ctx, asked(0.9*target)); err != nil {
		return err
	}
	if err := up(); err != nil {
		return err
	}
	const workload = `{namespace="dreamseed-local",horizontalpodautoscaler="` + scaled + `"`
	if err := awaitSeries(ctx, prometheus, `kube_horizontalpodautoscaler_status_condition`+workload+
		`,condition="ScalingActive",status="true"} == 1`); err != nil {
		return err
	}
	if err := box.SetLoad(ctx, asked(3*target)); err != nil {
		return err
	}
	return b.figures.time("monitoring: from a jump in requests to more ready pods", scalingPromise, func() error {
		return awaitSeries(ctx, prometheus,
			`kube_deployment_status_replicas_available{namespace="dreamseed-local",deployment="`+scaled+`"} > 2`)
	})
}

// size measures the memory and the series of Prometheus.
func (b *bench) size(ctx context.Context, prometheus string) error {
	for _, one := range []struct {
		name, query string
		unit        unit
		divisor     float64
	}{
		{"monitoring: memory of Prometheus", `process_resident_memory_bytes{job="prometheus"}`, inGigabytes, 1e9},
		{"monitoring: series of Prometheus", `prometheus_tsdb_head_series{job="prometheus"}`, inNumbers, 1},
	} {
		value, found, err := ask(ctx, prometheus, one.query)
		if err != nil || !found {
			return errors.Join(err, fmt.Errorf("asking for %s: found is %t", one.query, found))
		}
		b.figures.add(figure{name: one.name, unit: one.unit}, value/one.divisor)
	}
	return nil
}

func elapsed(do func() error) (float64, error) {
	start := time.Now()
	err := do()
	return time.Since(start).Seconds(), err
}

// quietly runs something in the sandbox, whose output is shown only with an error.
func quietly(do func(sandbox.Display) error) error {
	var shown strings.Builder
	if err := do(sandbox.Display{Progress: &shown, Engine: &shown}); err != nil {
		return fmt.Errorf("%w:\n%s", err, shown.String())
	}
	return nil
}

var prometheusAddress = regexp.MustCompile(`/prometheus-a-\S+ port 9090 is at (\S+)`)

// prometheusOf returns where the sandbox's Prometheus listens.
func prometheusOf(ctx context.Context, box *sandbox.Sandbox) (string, error) {
	lines, err := box.MonitoringAddresses(ctx)
	if err != nil {
		return "", err
	}
	for _, line := range lines {
		if found := prometheusAddress.FindStringSubmatch(line); found != nil {
			return found[1], nil
		}
	}
	return "", fmt.Errorf("no Prometheus listens: %v", lines)
}

// awaitSeries waits until a query has a result.
func awaitSeries(ctx context.Context, prometheus, query string) error {
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		if _, found, err := ask(limited, prometheus, query); found || err != nil {
			return err
		}
		select {
		case <-limited.Done():
			return fmt.Errorf("waiting for %s: %w", query, limited.Err())
		case <-time.After(time.Second):
		}
	}
}

// ask returns the first value of a query, and whether it has one
// (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries).
func ask(ctx context.Context, prometheus, query string) (value float64, found bool, err error) {
	at := prometheus + "/api/v1/query?" + url.Values{"query": {query}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return 0, false, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false, fmt.Errorf("asking Prometheus: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	var answer struct {
		Data struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || len(answer.Data.Result) == 0 {
		return 0, false, err
	}
	text, _ := answer.Data.Result[0].Value[1].(string)
	value, err = strconv.ParseFloat(text, 64)
	return value, err == nil, err
}
