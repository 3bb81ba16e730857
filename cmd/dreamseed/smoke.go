package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dreamseed/platform/internal/smoke"
	"github.com/dreamseed/platform/internal/status"
)

func smokeCommand() *cobra.Command {
	var stack, address string
	cmd := &cobra.Command{
		Use:   "smoke",
		Short: "Test a deployment: its services run, and its public routes answer",
		Long: `Judges the services as status does, and then asks every public route of the configuration by HTTPS. A route
passes with any answer of a service; 404, a status from 500 on and no answer fail. An autoscaler may add pods, and a
load balancer takes a moment: what fails is tried again, ten times within half a minute.

` + exitCodeHelp,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			instead, err := parseAddress(address)
			if err != nil {
				return err
			}
			env, err := openEnvironment(cmd.Context(), stack)
			if err != nil {
				return err
			}
			return errors.Join(judgeServices(cmd, env), askRoutes(cmd, env, instead))
		},
	}
	cmd.Flags().StringVar(&stack, "stack", "", "the stack: the name in Pulumi.<stack>.yaml (required)")
	cmd.Flags().StringVar(&address, "url", "",
		"ask https://<host>:<port> in place of the ingress' own host, under whose name it is asked all the same")
	return cmd
}

func parseAddress(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	parsed, err := url.Parse(address)
	// Without TLS the controller redirects whatever it is asked, so that everything would seem to answer.
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" || strings.Trim(parsed.Path, "/") != "" {
		return nil, &usageError{fmt.Errorf("--url is %q: it must be https://<host> or https://<host>:<port>", address)}
	}
	return parsed, nil
}

// tries is how often a test looks, and between two looks it waits.
const tries = 10

var between = 3 * time.Second

// repeat looks until it passes or the tries are used up.
func repeat(ctx context.Context, look func() (bool, error)) (passed bool, err error) {
	for try := 1; ; try++ {
		passed, err := look()
		if err != nil || passed || try == tries {
			return passed, err
		}
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-time.After(between):
		}
	}
}

func judgeServices(cmd *cobra.Command, env *environment) error {
	var seen *status.Status
	runs, err := repeat(cmd.Context(), func() (bool, error) {
		var err error
		seen, err = env.look(cmd.Context())
		return err == nil && seen.Runs(), err
	})
	if err != nil {
		return err
	}
	cmd.Println(environmentTable(seen.Services))
	showStores(cmd.OutOrStdout(), seen.Stores)
	if !runs {
		return fmt.Errorf("%w:\n  %s", errUnhealthy, strings.Join(seen.Problems, "\n  "))
	}
	return nil
}

func askRoutes(cmd *cobra.Command, env *environment, instead *url.URL) error {
	if !env.cfg.Ingress.Enabled() {
		cmd.Println("The stack has no ingress: only its services were judged.")
		return nil
	}
	test := smoke.New(env.cfg.Ingress, instead)
	passed, err := repeat(cmd.Context(), func() (bool, error) { return test.Ask(cmd.Context()), nil })
	if err != nil {
		return err
	}
	for _, route := range test.Routes {
		cmd.Printf("%-4s %s\n", passFail[route.Passes()], route)
	}
	if !test.Trusted {
		cmd.Printf("The certificate was not checked: nobody trusts one of the issuer %s.\n", env.cfg.Ingress.Issuer)
	}
	if !passed {
		return fmt.Errorf("%w: a route does not lead to a service that answers", errUnhealthy)
	}
	return nil
}

var passFail = map[bool]string{true: "ok", false: "FAIL"}
