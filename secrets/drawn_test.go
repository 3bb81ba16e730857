package secrets_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/secrets"
)

// drawnTemplate returns the version of the template of a drawn Secret.
func drawnTemplate(t *testing.T, change func(*secrets.DrawnArgs)) string {
	t.Helper()
	args := &secrets.DrawnArgs{
		Namespace: "dreamseed", Name: "auth-service-redis-url", Workload: "auth-service", Type: "Opaque",
		Labels: pulumi.StringMap{"reload": pulumi.String("true")},
		Data:   pulumi.StringMap{"REDIS_URL": pulumi.String("redis://auth:{{ .password }}@redis:6379/0")},
	}
	change(args)
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := secrets.NewDrawn(ctx, "drawn", args)
		return err
	})
	drawn := recording.Get(t, externalType, "drawn-secret")
	assert.Equal(t, "CreatedOnce", drawn.At("spec", "refreshPolicy"), "another password would be drawn with each change")
	version, _ := drawn.At("spec", "target", "template", "metadata", "annotations", "dreamseed.ai/template").(string)
	require.NotEmpty(t, version)
	return version
}

func TestASecretThatIsWrittenOnceSaysFromWhichTemplate(t *testing.T) {
	before := drawnTemplate(t, func(*secrets.DrawnArgs) {})
	assert.Equal(t, before, drawnTemplate(t, func(a *secrets.DrawnArgs) { a.Workload, a.DeadlineSeconds = "other", 5 }),
		"the Secret would be the same")
	for name, change := range map[string]func(*secrets.DrawnArgs){
		"an entry":         func(a *secrets.DrawnArgs) { a.Data["REDIS_URL"] = pulumi.String("redis://elsewhere:6379/0") },
		"a further entry":  func(a *secrets.DrawnArgs) { a.Data["OTHER"] = pulumi.String("x") },
		"the type":         func(a *secrets.DrawnArgs) { a.Type = "kubernetes.io/basic-auth" },
		"a further label":  func(a *secrets.DrawnArgs) { a.Labels["other"] = pulumi.String("x") },
		"a label, no more": func(a *secrets.DrawnArgs) { a.Labels = nil },
	} {
		assert.NotEqual(t, before, drawnTemplate(t, change), name)
	}
}
