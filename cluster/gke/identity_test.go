package gke_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const accountType = "gcp:serviceaccount/account:Account"

// grants returns the roles granted on the whole project, by member.
func grants(t *testing.T, built *mocktest.Recording) map[string]any {
	t.Helper()
	granted := map[string]any{}
	for _, grant := range built.Each(t, grantType) {
		granted[grant.At("member").(string)] = grant.At("role")
	}
	return granted
}

func TestNobodyMayMoreInTheProjectThanIsNeeded(t *testing.T) {
	built, _ := build(t, production())
	nodes := "serviceAccount:" + built.Get(t, accountType, "cluster-nodes").At("accountId").(string) +
		"@dreamseed-project.iam.gserviceaccount.com"
	assert.Equal(t, map[string]any{
		nodes:                         "roles/container.defaultNodeServiceAccount",
		"group:platform@dreamseed.ai": "roles/container.admin",
		"serviceAccount:pulumi@dreamseed-project.iam.gserviceaccount.com": "roles/container.admin",
	}, grants(t, built))
	for _, pool := range built.Each(t, poolType) {
		assert.Equal(t, nodes, "serviceAccount:"+pool.At("nodeConfig", "serviceAccount").(string),
			"the project's default account may edit everything")
	}
}

func TestOnlyTheNodesMayPullAndOnlyFromThisRegistry(t *testing.T) {
	built, told := build(t, production())
	rights := built.OfType("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")
	assert.Len(t, rights, 1)
	pool := built.Get(t, poolType, "cluster-pool-spot")
	assert.Equal(t, map[string]any{
		"repository": "dreamseed-test", "location": "europe-west4", "role": "roles/artifactregistry.reader",
		"member": "serviceAccount:" + pool.At("nodeConfig", "serviceAccount").(string),
	}, rights[0].Inputs)
	assert.Equal(t, "europe-west4-docker.pkg.dev/dreamseed-project/dreamseed-test", told.Registry)
	registry := built.Get(t, "gcp:artifactregistry/repository:Repository", "cluster-registry")
	assert.Equal(t, true, registry.At("dockerConfig", "immutableTags"), "a tag stays what it was")
}

// Removing the first administrator of the list must not revoke the grants of the others, which move up.
func TestAnAdministratorKeepsTheRightWhenAnotherOneGoes(t *testing.T) {
	both, _ := build(t, production())
	spec := production()
	gone := spec.API.Administrators[1]
	spec.API.Administrators = spec.API.Administrators[:1]
	one, _ := build(t, spec)
	assert.Equal(t, []string{"cluster-administrator-" + gone, "cluster-kubernetes"}, mocktest.Changed(both, one),
		"the grant, and the provider that waits for it")
	spec.API.Administrators = append(spec.API.Administrators, spec.API.Administrators[0])
	twice, _ := build(t, spec)
	assert.Equal(t, mocktest.Refs(one.Resources), mocktest.Refs(twice.Resources), "named twice is named once")
}

// Changing an object takes an administrator's grant, so the last object is deleted before the first grant.
func TestTheAdministratorsHaveTheirRightAsLongAsThereAreObjects(t *testing.T) {
	built, _ := build(t, production())
	provider := built.Get(t, providerType, "cluster-kubernetes")
	for _, administrator := range production().API.Administrators {
		provider.AssertDependsOn(t, mocktest.Ref(grantType, "cluster-administrator-"+administrator))
	}
}

func TestAnIdentityIsOfOneServiceAccount(t *testing.T) {
	built, _ := build(t, production())
	users := built.OfType("gcp:serviceaccount/iAMMember:IAMMember")
	assert.Len(t, users, 1)
	assert.Equal(t, "roles/iam.workloadIdentityUser", users[0].At("role"))
	assert.Equal(t, "serviceAccount:dreamseed-project.svc.id.goog[dreamseed/auth-service]", users[0].At("member"))
	account := built.Get(t, accountType, "auth-identity-account")
	for _, one := range []*mocktest.Resource{account, users[0]} {
		one.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
	}
	email := account.At("accountId").(string) + "@dreamseed-project.iam.gserviceaccount.com"
	assert.Equal(t, "projects/dreamseed-project/serviceAccounts/"+email, users[0].At("serviceAccountId"))
	assert.Equal(t, map[string]any{"iam.gke.io/gcp-service-account": email}, built.Outputs["annotations"])
	assert.Equal(t, "serviceAccount:"+email, built.Outputs["principal"])
}

// https://cloud.google.com/iam/docs/service-accounts-create
func TestAccountsHaveNamesThatGoogleTakesAndThatStayApart(t *testing.T) {
	spec := production()
	spec.Name = strings.Repeat("n", 33)
	long := strings.Repeat("s", 60)
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		target, err := gke.New(ctx, "cluster", spec)
		if err != nil {
			return err
		}
		for name, args := range map[string]*cluster.IdentityArgs{
			"one":     {Namespace: "a", ServiceAccount: long},
			"another": {Namespace: "a", ServiceAccount: long + "s"},
			"beside":  {Namespace: "b", ServiceAccount: long},
		} {
			if _, err := target.NewIdentity(ctx, name, args); err != nil {
				return err
			}
		}
		return nil
	}, gcp.Cloud())
	names := map[string]bool{}
	for _, account := range built.Each(t, accountType) {
		assert.Regexp(t, `^[a-z][a-z0-9-]{4,28}[a-z0-9]$`, account.At("accountId"))
		names[account.At("accountId").(string)] = true
	}
	assert.Len(t, names, 4, "those of three service accounts, and the nodes'")
}

// https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
func TestThePreviewIdentitySignsInAndIsNoAdministrator(t *testing.T) {
	spec := production()
	spec.API.PreviewIdentity = "serviceAccount:preview@dreamseed-project.iam.gserviceaccount.com"
	built, told := build(t, spec)
	assert.Equal(t, &cluster.Subject{Kind: cluster.User, Name: "preview@dreamseed-project.iam.gserviceaccount.com"},
		told.Previewer)
	assert.Equal(t, map[string]any{
		"project": "dreamseed-project", "role": "roles/container.clusterViewer", "member": spec.API.PreviewIdentity,
	}, built.Get(t, grantType, "cluster-previewer").Inputs)
	for _, grant := range built.Each(t, grantType) {
		if grant.Name != "cluster-previewer" {
			assert.NotEqual(t, spec.API.PreviewIdentity, grant.At("member"), grant.Name)
		}
	}

	_, told = build(t, production())
	assert.Nil(t, told.Previewer, "nobody is asked for")
}
