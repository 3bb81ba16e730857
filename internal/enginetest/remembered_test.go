package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// authFrom returns auth's image from a registry, with the digest of that number.
func authFrom(registry string, number int) string {
	return fmt.Sprintf("%s/auth-service@sha256:%064d", registry, number)
}

// releasesOf changes the images of auth and user.
func releasesOf(auth, user string) func(testbed.Configuration) {
	return func(c testbed.Configuration) {
		testbed.Service(c, "auth")["image"], testbed.Service(c, "user")["image"] = auth, user
	}
}

func TestAMigrationIsRememberedThoughAnotherServicesFailed(t *testing.T) {
	const ours, mirror, user = "dreamseed", "mirror.example", "dreamseed/user-service:dev"
	disrupted.Taken(t).Up(t, releasesOf(authFrom(ours, 1), user))
	_, _, err := disrupted.TryUp(t, releasesOf(authFrom(ours, 2), "dreamseed/user-service:migration-fails"))
	require.ErrorContains(t, err, "user-service-migration-")
	disrupted.Up(t, releasesOf(authFrom(ours, 3), user))
	newest := disrupted.migration(t).Metadata

	for reason, image := range map[string]string{
		"the failed run had migrated to it": authFrom(ours, 2),
		"the digest is the image":           authFrom(mirror, 2),
		"so it is of the newest":            authFrom(mirror, 3),
	} {
		disrupted.Up(t, releasesOf(image, user))
		assert.Equal(t, newest.UID, disrupted.migration(t).Metadata.UID, "%s: %s", image, reason)
	}
}

func TestCredentialsThatAreRefusedAreOneMessage(t *testing.T) {
	local.AsTracked(t)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	server, authority := local.server(t), local.Kubectl(t, "config", "view", "--raw",
		"--output=jsonpath={.clusters[0].cluster.certificate-authority-data}")
	content := func(user string) string {
		return fmt.Sprintf(`{apiVersion: v1, kind: Config,
clusters: [{name: a, cluster: {server: %q, certificate-authority-data: %q}}],
users: [{name: a, user: {%s}}],
contexts: [{name: dreamseed-sandbox-local, context: {cluster: a, user: a}}]}`, server, authority, user)
	}
	folder := local.projectWith(t, map[string]string{"dreamseed:cluster.existing.kubeconfigPath": kubeconfig})
	for user, status := range map[string]string{"token: expired": "401", "": "40"} {
		require.NoError(t, os.WriteFile(kubeconfig, []byte(content(user)), 0o600))

		preview := local.Pulumi(t, folder, nil, "preview", "--stack", "local")

		require.Error(t, preview.Err, "user %q", user)
		for _, words := range []string{"context dreamseed-sandbox-local", status, "Nothing was changed"} {
			assert.Contains(t, preview.Output, words, "user %q", user)
		}
		assert.Equal(t, 1, strings.Count(preview.Output, "Nothing was changed"), "user %q", user)
	}
}
