package exporter_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/exporter"
)

func nodeAgents(t *testing.T) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := exporter.NewNodeAgentsNamespace(ctx, "node-agents", &exporter.NodeAgentsArgs{
			Environment: "staging", Scraper: "dreamseed-monitoring",
		})
		return err
	})
}

func TestTheNamespaceOfTheAgentsAdmitsWhatTheyAre(t *testing.T) {
	namespace := nodeAgents(t).Get(t, namespaceType, "node-agents-namespace")
	assert.Equal(t, exporter.NodeAgentsNamespace, namespace.At("metadata", "name"))
	assert.Equal(t, "privileged", namespace.At("metadata", "labels", "pod-security.kubernetes.io/enforce"))
	assert.Equal(t, "staging", namespace.At("metadata", "labels", "environment"))
}

// A quota would leave the next node without its agent.
func TestTheNumberOfAgentsIsNotBounded(t *testing.T) {
	built := nodeAgents(t)
	assert.Empty(t, built.OfType("kubernetes:core/v1:ResourceQuota"))
	assert.NotEmpty(t, built.OfType(policyType), "it is bounded otherwise")
}

func TestAgentsAreReachedByTheScraperAlone(t *testing.T) {
	built := nodeAgents(t)
	assert.ElementsMatch(t, []string{"node-agents-allow-dns", "node-agents-allow-scrape", "node-agents-default-deny"},
		mocktest.Names(built.OfType(policyType)))
	scrape := built.Get(t, policyType, "node-agents-allow-scrape")
	assert.Equal(t, map[string]any{
		"podSelector": map[string]any{"matchLabels": map[string]any{"app.kubernetes.io/name": "node-exporter"}},
		"policyTypes": []any{"Ingress"},
		"ingress": []any{map[string]any{
			"from": []any{map[string]any{
				"namespaceSelector": map[string]any{
					"matchLabels": map[string]any{"kubernetes.io/metadata.name": "dreamseed-monitoring"},
				},
				"podSelector": map[string]any{"matchLabels": map[string]any{}},
			}},
			"ports": []any{map[string]any{"protocol": "TCP", "port": exporter.NodeExporterPort}},
		}},
	}, scrape.At("spec"))
}
