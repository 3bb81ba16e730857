package victorialogs_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging/victorialogs"
)

func built(t *testing.T) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := victorialogs.New(ctx, "logs-victoria-logs", &victorialogs.Args{
			Namespace: "monitoring", RetentionDays: 30, Storage: resource.MustParse("50Gi"), StorageClass: "encrypted",
			Protect: true,
		})
		return err
	})
}

func TestTheOldestDayGoesByAgeOrBySize(t *testing.T) {
	deployment := built(t).Get(t, "kubernetes:apps/v1:Deployment", "logs-victoria-logs-a-deployment")
	arguments := deployment.At("spec", "template", "spec", "containers", 0, "args")
	assert.Contains(t, arguments, "-retentionPeriod=30d")
	assert.Contains(t, arguments, "-retention.maxDiskSpaceUsageBytes=42949672960", "four fifths of 50 GiB")
	assert.Contains(t, arguments, "-storageDataPath=/victoria-logs")
}

func TestItsVolumeIsProtected(t *testing.T) {
	claim := built(t).Get(t, "kubernetes:core/v1:PersistentVolumeClaim", "logs-victoria-logs-a-claim")
	assert.True(t, claim.Protect)
	assert.Equal(t, "50Gi", claim.At("spec", "resources", "requests", "storage"))
	assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
}

func TestItIsReachedByItsName(t *testing.T) {
	assert.Equal(t, "http://victoria-logs.monitoring:9428", victorialogs.URL("monitoring"))
	service := built(t).Get(t, "kubernetes:core/v1:Service", "logs-victoria-logs-service")
	assert.Equal(t, "victoria-logs", service.At("metadata", "name"))
	assert.Equal(t, 9428, service.At("spec", "ports", 0, "port"))
}
