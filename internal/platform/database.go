package platform

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services"
)

// newDatabaseSecret gives the local environment a database URL with a password of its own. It is drawn once: each
// run draws another, but the first one's stays, in the state as a secret and in the cluster.
func newDatabaseSecret(
	ctx *pulumi.Context, home *Namespace, opts ...pulumi.ResourceOption,
) (*corev1.Secret, error) {
	url := fmt.Sprintf("postgresql://dreamseed:%s@postgresql:5432/dreamseed", rand.Text())
	secret, err := corev1.NewSecret(ctx, "database-secret", &corev1.SecretArgs{
		Metadata: inNamespace(home.Name, services.DatabaseSecret),
		// Not stringData: the API server turns it into data, and a refresh then finds what the program did not say.
		Data: pulumi.ToSecret(pulumi.StringMap{
			services.DatabaseSecretKey: pulumi.String(base64.StdEncoding.EncodeToString([]byte(url))),
		}).(pulumi.StringMapOutput),
	}, append(opts,
		pulumi.DependsOn(home.Resources()),
		pulumi.IgnoreChanges([]string{"data"}),
	)...)
	if err != nil {
		return nil, fmt.Errorf("creating secret %s: %w", services.DatabaseSecret, err)
	}
	return secret, nil
}
