package services

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/services/availability"
	"github.com/dreamseed/platform/services/catalogue"
)

// newCanary gives the new version a growing share of the pods while its analysis holds. Its share of the requests is
// its share of the pods, because a Service spreads requests evenly.
func newCanary(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*strategy, error) {
	analysis, err := newAnalysis(ctx, name+"-analysis", args, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the analysis template: %w", err)
	}
	service, err := newClusterService(ctx, name+"-service", args, args.Service.Workload(), opts...)
	if err != nil {
		return nil, err
	}
	return &strategy{
		needs:    []pulumi.Resource{analysis},
		services: []pulumi.Resource{service},
		spec: pulumi.Map{"canary": pulumi.Map{
			"maxUnavailable": pulumi.Int(0),
			"maxSurge":       pulumi.String(fmt.Sprintf("%d%%", availability.MaxSurgePercent)),
			"steps":          canarySteps(args.Service.Release.Canary),
			"analysis": pulumi.Map{
				"templates": pulumi.MapArray{pulumi.Map{"templateName": pulumi.String(args.Service.Workload())}},
				// The analysis starts at the first share: before that there are no requests to judge.
				"startingStep": pulumi.Int(1),
				"args": pulumi.MapArray{pulumi.Map{
					"name":      pulumi.String(versionArgument),
					"valueFrom": pulumi.Map{"podTemplateHashValue": pulumi.String("Latest")},
				}},
			},
		}},
	}, nil
}

func canarySteps(of catalogue.CanarySteps) pulumi.MapArray {
	steps := pulumi.MapArray{}
	for _, weight := range of.Weights {
		steps = append(steps,
			pulumi.Map{"setWeight": pulumi.Int(weight)},
			pulumi.Map{"pause": pulumi.Map{"duration": pulumi.String(seconds(of.StepSeconds))}})
	}
	return steps
}

const (
	// versionArgument is the analysis argument with the pod template hash of the new version.
	versionArgument = "version"
	// rateWindow spans several scrapes and still covers the new version alone.
	rateWindow = "1m"
	// measurementsPerStep is the number of measurements during each step.
	measurementsPerStep = 3
	// unansweredMeasurements is how many measurements in a row may fail to run before the release fails.
	unansweredMeasurements = 3
)

// newAnalysis judges the new version by its own requests alone. A version without requests passes.
func newAnalysis(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	canary := args.Service.Release.Canary
	return kube.NewCustomResource(ctx, name, analysisKind, metadata(args, args.Service.Workload()), pulumi.Map{
		"args": pulumi.MapArray{pulumi.Map{"name": pulumi.String(versionArgument)}},
		"metrics": pulumi.MapArray{
			measurement(args, "error-percentage", errorPercentage(args), canary.MaxErrorPercent),
			measurement(args, "latency-milliseconds", latencyMilliseconds(args), canary.MaxLatencyMilliseconds),
		},
	}, opts...)
}

func measurement(args *Args, name, query string, limit int) pulumi.Map {
	within := fmt.Sprintf("len(result) == 0 || isNaN(result[0]) || result[0] <= %d", limit)
	return pulumi.Map{
		"name":                  pulumi.String(name),
		"interval":              pulumi.String(seconds(max(1, args.Service.Release.Canary.StepSeconds/measurementsPerStep))),
		"failureLimit":          pulumi.Int(0),
		"consecutiveErrorLimit": pulumi.Int(unansweredMeasurements),
		"successCondition":      pulumi.String(within),
		"provider": pulumi.Map{"prometheus": pulumi.Map{
			"address": pulumi.String(args.PrometheusURL),
			"query":   pulumi.String(query),
		}},
	}
}

func errorPercentage(args *Args) string {
	all := requestsOf(args)
	return "100 * " + contract.Ratio(contract.FailedRequests(all), contract.Requests(all), rateWindow)
}

func latencyMilliseconds(args *Args) string {
	return "1000 * " + contract.Latency(requestsOf(args), 0.95, rateWindow)
}

// requestsOf selects the requests served by pods of the new version.
func requestsOf(args *Args) contract.Selector {
	return contract.OfService(args.Namespace, args.Service.Workload()).
		And(contract.Equal(contract.LabelVersion, "{{args."+versionArgument+"}}"))
}

func seconds(count int) string { return fmt.Sprintf("%ds", count) }
