package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/dreamseed/platform/internal/drift/drifttest"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// drift measures how much of what another hand did is found as what it is, and how often something is found in a stack
// that nobody touched, while autoscalers and releases are at work.
func (b *bench) drift(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, b.reset(context.WithoutCancel(ctx), "local")) }()
	all, err := drifttest.Mutations()
	if err != nil {
		return err
	}
	if err := b.reconfigureStack("local", withEveryKind); err != nil {
		return err
	}
	box := sandbox.Open(layout.Default(b.clone), "local")
	if err := quietly(func(show sandbox.Display) error { _, err := box.Up(ctx, show); return err }); err != nil {
		return err
	}
	hand := drifttest.Shell{
		Folder: box.Project(), Variables: box.Variables(), Dreamseed: filepath.Join(b.bin, "dreamseed"), Stack: "local",
	}
	if err := b.falseAlarms(ctx, hand); err != nil {
		return err
	}
	if err := hand.Inject(ctx, all); err != nil {
		return err
	}
	if err := b.recall(ctx, hand, all); err != nil {
		return err
	}
	return b.repaired(ctx, hand, all)
}

// withEveryKind configures what the tracked local stack has not: every kind that the platform may have.
func withEveryKind(config map[string]any) error {
	services, _ := config["dreamseed:services"].(map[string]any)
	for name, release := range map[string]map[string]any{
		"auth": {"strategy": "blueGreen"},
		"user": {"strategy": "canary", "canary": map[string]any{"weights": []int{50}, "stepSeconds": 1}},
	} {
		service, known := services[name].(map[string]any)
		if !known {
			return fmt.Errorf("configuring the stack: it has no service %s", name)
		}
		service["release"] = release
	}
	config["dreamseed:secrets"] = map[string]any{"refreshSeconds": 1}
	config["dreamseed:ingress"] = map[string]any{"host": "dreamseed.localhost", "issuer": "selfSigned"}
	config["dreamseed:monitoring"] = map[string]any{
		"replicas":  2,
		"receivers": []any{map[string]any{"name": "hook", "kind": "webhook", "secret": "HOOK_URL"}},
		"routes":    map[string]any{"page": "hook"},
		"grafana":   map[string]any{"host": "grafana.dreamseed.localhost", "users": "GRAFANA_USERS"},
		"secrets":   map[string]any{"HOOK_URL": map[string]any{}, "GRAFANA_USERS": map[string]any{}},
	}
	return nil
}

// falseAlarms counts what is found where only autoscalers, a rollout and operators were at work.
func (b *bench) falseAlarms(ctx context.Context, hand drifttest.Shell) error {
	atWork := []drifttest.Mutation{
		{Name: "scaled", Command: drifttest.Command{
			Kubectl: "scale deployment/content-service --replicas=5 --namespace=dreamseed-local",
		}},
		{Name: "restarted", Command: drifttest.Command{
			Kubectl: "rollout restart deployment/payment-service --namespace=dreamseed-local",
		}},
	}
	if err := hand.Inject(ctx, atWork); err != nil {
		return err
	}
	seen, err := hand.Look(ctx)
	if err != nil {
		return err
	}
	alarms := drifttest.Unexpected(nil, seen.Report)
	b.figures.add(figure{name: "drift: false alarms where nobody was at work", unit: inNumbers}, float64(len(alarms)))
	return nil
}

func (b *bench) recall(ctx context.Context, hand drifttest.Shell, all []drifttest.Mutation) error {
	var seen drifttest.Seen
	err := b.figures.time("drift: a check of everything", 0, func() (err error) {
		seen, err = hand.Look(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, recall := range drifttest.Judge(all, seen.Report) {
		name := fmt.Sprintf("drift: %s ones found, of %d", recall.Class, recall.All)
		b.figures.add(figure{name: name, unit: inNumbers, target: float64(recall.All)}, float64(recall.Found))
	}
	return nil
}

// repaired counts what is left after a repair and the printed commands.
func (b *bench) repaired(ctx context.Context, hand drifttest.Shell, all []drifttest.Mutation) error {
	left, err := hand.Look(ctx, "--repair")
	if err != nil {
		return err
	}
	b.figures.add(figure{name: "drift: objects taken back by a repair", unit: inNumbers}, float64(len(left.Repairs)))
	if err := hand.Restore(ctx, all, left.Report); err != nil {
		return err
	}
	last, err := hand.Look(ctx)
	if err != nil {
		return err
	}
	remaining := drifttest.Unexpected(nil, last.Report)
	b.figures.add(figure{name: "drift: left after the printed commands", unit: inNumbers}, float64(len(remaining)))
	return nil
}
