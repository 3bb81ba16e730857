package gke

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/projects"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
)

// accountID is the naming rule for a service account's ID (https://cloud.google.com/iam/docs/service-accounts-create).
var accountID = naming.Rule{Length: 30, Separator: "-", HashLength: 6}

// nodeRole is the least that a node needs: to write its logs and metrics
// (https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa).
const nodeRole = "roles/container.defaultNodeServiceAccount"

// nodeAccount is the service account of the nodes.
type nodeAccount struct {
	*serviceaccount.Account
	// role must exist from before the first node until after the last one, or logs and metrics are lost.
	role pulumi.Resource
}

// newNodeAccount creates a separate account for nodes: the project's default account may edit the whole project.
func (b *builder) newNodeAccount() (*nodeAccount, error) {
	account, err := serviceaccount.NewAccount(b.ctx, b.name+"-nodes", &serviceaccount.AccountArgs{
		AccountId:   pulumi.String(accountID.WithHash(b.spec.Name, map[string]string{"role": "nodes"})),
		DisplayName: pulumi.String("Nodes of cluster " + b.spec.Name),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("creating the nodes' service account: %w", err)
	}
	role, err := projects.NewIAMMember(b.ctx, b.name+"-nodes-role", &projects.IAMMemberArgs{
		Project: pulumi.String(b.spec.Account),
		Role:    pulumi.String(nodeRole),
		Member:  memberOf(account),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("granting the nodes their role: %w", err)
	}
	return &nodeAccount{Account: account, role: role}, nil
}

// administratorRole grants full access to the project's clusters and to the objects in them. No lesser role may change
// RBAC grants (https://cloud.google.com/kubernetes-engine/docs/how-to/iam#predefined).
const administratorRole = "roles/container.admin"

// newAdministrators names each grant after its member, not after its place in the list. Otherwise removing a member
// would shift the others: a grant that moves is created for its new member first and deleted for its old one
// afterwards, which would revoke it from a member that only moved up.
func (b *builder) newAdministrators() ([]pulumi.Resource, error) {
	var grants []pulumi.Resource
	for _, member := range slices.Compact(slices.Sorted(slices.Values(b.spec.API.Administrators))) {
		grant, err := projects.NewIAMMember(b.ctx, b.name+"-administrator-"+member, &projects.IAMMemberArgs{
			Project: pulumi.String(b.spec.Account),
			Role:    pulumi.String(administratorRole),
			Member:  pulumi.String(member),
		}, b.child()...)
		if err != nil {
			return nil, fmt.Errorf("granting %s the administration of the cluster: %w", member, err)
		}
		grants = append(grants, grant)
	}
	return grants, nil
}

// signInRole is the least with which an identity gets to the API server, which then asks the cluster's own RBAC
// (https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control#setup-permissions).
const signInRole = "roles/container.clusterViewer"

// newPreviewer lets the preview identity sign in. The API server knows it by its e-mail address.
func (b *builder) newPreviewer() (*cluster.Subject, error) {
	member := b.spec.API.PreviewIdentity
	if member == "" {
		return nil, nil
	}
	_, err := projects.NewIAMMember(b.ctx, b.name+"-previewer", &projects.IAMMemberArgs{
		Project: pulumi.String(b.spec.Account),
		Role:    pulumi.String(signInRole),
		Member:  pulumi.String(member),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("letting %s sign in: %w", member, err)
	}
	return cluster.Member(member), nil
}

// newIdentity returns a builder that binds a service account of the project to one Kubernetes service account
// (https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity). Google creates the workload identity pool
// with the first cluster.
func (b *builder) newIdentity(plane *container.Cluster) cluster.IdentityBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.IdentityArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Identity, error) {
		opts = append(b.child(pulumi.DependsOn([]pulumi.Resource{plane})), opts...)
		account, err := serviceaccount.NewAccount(ctx, name+"-account", &serviceaccount.AccountArgs{
			AccountId: pulumi.String(accountID.WithHash(args.ServiceAccount, map[string]string{
				"cluster": b.spec.Name, "namespace": args.Namespace,
			})),
			DisplayName: pulumi.String(strings.Join([]string{b.spec.Name, args.Namespace, args.ServiceAccount}, "/")),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the service account: %w", err)
		}
		binding, err := serviceaccount.NewIAMMember(ctx, name+"-user", &serviceaccount.IAMMemberArgs{
			ServiceAccountId: account.Name,
			Role:             pulumi.String("roles/iam.workloadIdentityUser"),
			Member: pulumi.String(fmt.Sprintf("serviceAccount:%s.svc.id.goog[%s/%s]",
				b.spec.Account, args.Namespace, args.ServiceAccount)),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("binding the service account: %w", err)
		}
		return &cluster.Identity{
			Annotations: pulumi.StringMap{"iam.gke.io/gcp-service-account": account.Email},
			Principal:   memberOf(account),
			Ready:       []pulumi.Resource{binding},
		}, nil
	}
}

func memberOf(account *serviceaccount.Account) pulumi.StringOutput {
	return pulumi.Sprintf("serviceAccount:%s", account.Email)
}
