package gke

import (
	_ "embed" // The script is a file, so that a test can run it.
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

//go:embed administrator.sh
var administratorScript string

// curlImage is the image of curl (https://curl.se/docker). The version is exact, without a digest: the image cannot be
// looked up where the tests run.
const curlImage = "docker.io/curlimages/curl:8.15.0"

// postgresAdministrator is the role that every server of Cloud SQL has
// (https://cloud.google.com/sql/docs/postgres/users#default-postgresql-users).
const postgresAdministrator = "postgres"

// passwordRole is the role of the project with the one permission cloudsql.users.update: no role of Google has so
// little. The project's owner makes it once, because whoever may make roles may give himself any.
const passwordRole = "databasePasswords"

// administrator is how a pod signs in to a server: it sets a password through the API, as the identity of the pod
// (https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/users/update).
func (b *builder) administrator(server string) cluster.Administrator {
	return cluster.Administrator{
		Username: postgresAdministrator,
		Image:    curlImage,
		Script:   administratorScript,
		Environment: map[string]string{
			"API": "https://sqladmin.googleapis.com", "METADATA": "http://169.254.169.254",
			"PROJECT": b.spec.Account, "INSTANCE": server, "USERNAME": postgresAdministrator,
		},
	}
}

// newPasswordGrant lets an identity set passwords on one server
// (https://cloud.google.com/sql/docs/postgres/iam-conditions).
func (b *builder) newPasswordGrant(
	ctx *pulumi.Context, name, server string, of *cluster.Identity, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	grant, err := projects.NewIAMMember(ctx, name, &projects.IAMMemberArgs{
		Project: pulumi.String(b.spec.Account),
		Role:    pulumi.String(fmt.Sprintf("projects/%s/roles/%s", b.spec.Account, passwordRole)),
		Member:  of.Principal,
		Condition: &projects.IAMMemberConditionArgs{
			Title: pulumi.String("passwords on " + server),
			Expression: pulumi.String(fmt.Sprintf(
				`resource.name == "projects/%s/instances/%s" && resource.service == "sqladmin.googleapis.com"`,
				b.spec.Account, server)),
		},
	}, append(b.child(), opts...)...)
	if err != nil {
		return nil, fmt.Errorf("letting the provisioner set passwords: %w", err)
	}
	return grant, nil
}
