package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/artifactregistry"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newRegistry creates the repository of the environment's images, and lets the nodes pull from it. Tags are immutable.
func (b *builder) newRegistry(nodes *nodeAccount) (address string, pull pulumi.Resource, err error) {
	repository, err := artifactregistry.NewRepository(b.ctx, b.name+"-registry", &artifactregistry.RepositoryArgs{
		RepositoryId: pulumi.String(b.spec.Name),
		Location:     pulumi.String(b.spec.Region),
		Format:       pulumi.String("DOCKER"),
		DockerConfig: &artifactregistry.RepositoryDockerConfigArgs{ImmutableTags: pulumi.Bool(true)},
	}, b.kept()...)
	if err != nil {
		return "", nil, fmt.Errorf("creating the registry: %w", err)
	}
	grant, err := artifactregistry.NewRepositoryIamMember(b.ctx, b.name+"-registry-pull",
		&artifactregistry.RepositoryIamMemberArgs{
			Repository: repository.Name,
			Location:   pulumi.String(b.spec.Region),
			Role:       pulumi.String("roles/artifactregistry.reader"),
			Member:     memberOf(nodes.Account),
		}, b.child()...)
	if err != nil {
		return "", nil, fmt.Errorf("granting the nodes to pull: %w", err)
	}
	return fmt.Sprintf("%s-docker.pkg.dev/%s/%s", b.spec.Region, b.spec.Account, b.spec.Name), grant, nil
}
