package operator_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

// The network policies of its namespace let the API server reach only this port.
func TestTheWebhookListensWhereTheAPIServerIsLetIn(t *testing.T) {
	webhook := charttest.Get(t, operator.CertManager).Pods(t)["cert-manager-webhook"].Spec.Containers[0]
	assert.Contains(t, webhook.Args, fmt.Sprintf("--secure-port=%d", operator.WebhookPort))
}
