package gke_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/readertest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const userType = "gcp:serviceaccount/iAMMember:IAMMember"

// projectNumber is the project number that the stand-in for Google Cloud returns.
const projectNumber = "123456789012"

func readers(t *testing.T, spec *cluster.Spec) *readertest.Readers {
	t.Helper()
	require.NoError(t, spec.Validate())
	return readertest.Build(t, gke.New, spec, gcp.Cloud())
}

// email returns the email address of a service's reader, its name in IAM.
func email(t *testing.T, built *readertest.Readers, service string) string {
	t.Helper()
	return built.Get(t, accountType, service+"-account").At("accountId").(string) +
		"@dreamseed-project.iam.gserviceaccount.com"
}

func TestAReaderMayReadValuesAndNothingElse(t *testing.T) {
	built := readers(t, production())
	for _, service := range []string{"auth", "user"} {
		grant := built.Get(t, grantType, service+"-grant")
		assert.Equal(t, "roles/secretmanager.secretAccessor", grant.At("role"), "it neither lists, changes nor deletes")
		assert.Equal(t, "dreamseed-project", grant.At("project"))
		assert.Equal(t, "serviceAccount:"+email(t, built, service), grant.At("member"), "the reader's own account")
	}
	assert.NotEqual(t, email(t, built, "auth"), email(t, built, "user"))
	without, _ := build(t, production())
	assert.Len(t, built.OfType(grantType), len(without.OfType(grantType))+2, "one for each reader")
}

// A grant on the project without a condition would cover the secrets of all services.
func TestAReaderMayReadTheSecretsOfItsServiceAlone(t *testing.T) {
	built := readers(t, production())
	prefix := granted(t, built, "auth")
	for reason, c := range map[string]struct {
		name string
		want bool
	}{
		"a version of a secret":            {projectNumber + "/secrets/dreamseed-test-auth-database-url/versions/3", true},
		"the secret itself":                {projectNumber + "/secrets/dreamseed-test-auth-api-key", true},
		"another service's":                {projectNumber + "/secrets/dreamseed-test-user-database-url/versions/1", false},
		"a service's that begins the same": {projectNumber + "/secrets/dreamseed-test-authority-key/versions/1", false},
		"another environment's":            {projectNumber + "/secrets/dreamseed-auth-database-url/versions/1", false},
		"another project's":                {"1" + projectNumber + "/secrets/dreamseed-test-auth-api-key/versions/1", false},
		"what no secret is called: IAM calls the project by its number": {
			"dreamseed-project/secrets/dreamseed-test-auth-database-url/versions/3", false,
		},
	} {
		assert.Equal(t, c.want, strings.HasPrefix("projects/"+c.name, prefix), reason)
	}
	for _, service := range []string{"auth", "user"} {
		for _, name := range readertest.Args(production(), service).Names {
			assert.True(t, strings.HasPrefix("projects/"+projectNumber+"/secrets/"+name, granted(t, built, service)), name)
		}
	}
}

// granted returns the prefix of the resource names that the grant of a service's reader covers.
func granted(t *testing.T, built *readertest.Readers, service string) string {
	t.Helper()
	expression := built.Get(t, grantType, service+"-grant").At("condition", "expression")
	found := regexp.MustCompile(`^resource\.name\.startsWith\("([^"]+)"\)$`).FindStringSubmatch(fmt.Sprint(expression))
	require.Len(t, found, 2, expression)
	return found[1]
}

func TestAReaderIsTheServiceAccountThatWasNamed(t *testing.T) {
	built := readers(t, production())
	for _, service := range []string{"auth", "user"} {
		user := built.Get(t, userType, service+"-user")
		assert.Equal(t, "serviceAccount:dreamseed-project.svc.id.goog[dreamseed/"+service+"-secrets]", user.At("member"))
		assert.Equal(t, "projects/dreamseed-project/serviceAccounts/"+email(t, built, service), user.At("serviceAccountId"))
	}
	// External Secrets asks for a token of the account that the annotation names.
	assert.Equal(t, map[string]any{"iam.gke.io/gcp-service-account": email(t, built, "auth")}, built.Auth.Annotations)
	assert.Equal(t, map[string]any{"iam.gke.io/gcp-service-account": email(t, built, "user")}, built.User.Annotations)
}

// The issuer of the cluster's tokens contains the cluster's location: with a zone instead, no identity is found.
func TestAReaderFindsItsClusterByRegionAndPhysicalName(t *testing.T) {
	zonal := production()
	zonal.Zones = zonal.Zones[:1]
	for reason, spec := range map[string]*cluster.Spec{"three zones": production(), "one zone": zonal} {
		built := readers(t, spec)
		plane := built.Get(t, clusterType, "cluster-cluster")
		assert.Equal(t, "europe-west4", plane.At("location"), reason)
		assert.Equal(t, map[string]any{"gcpsm": map[string]any{
			"projectID": "dreamseed-project",
			"auth": map[string]any{"workloadIdentity": map[string]any{
				"clusterProjectID":  "dreamseed-project",
				"clusterLocation":   plane.At("location"),
				"clusterName":       plane.At("name"),
				"serviceAccountRef": map[string]any{"name": "auth-secrets"},
			}},
		}}, built.Auth.Store, reason)
		assert.Empty(t, built.Auth.Property, "a secret is nothing but its value")
	}
}

func TestTheFirstReadWaitsUntilTheReaderMay(t *testing.T) {
	built := readers(t, production())
	assert.Equal(t, []string{mocktest.Ref(grantType, "auth-grant"), mocktest.Ref(userType, "auth-user")}, built.Auth.First)
	assert.Equal(t, []string{mocktest.Ref(grantType, "user-grant"), mocktest.Ref(userType, "user-user")}, built.User.First)
}

func TestAReaderIsAnAccountWithItsGrants(t *testing.T) {
	registered := readers(t, production()).Registered(t, "auth")
	assert.Equal(t, []string{"auth-grant", "auth-account", "auth-user"}, mocktest.Names(registered))
}
