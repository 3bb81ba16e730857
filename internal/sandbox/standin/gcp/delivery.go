package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

// delivery has the resources that deliver images to the nodes, and traffic to the services.
func delivery() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:artifactregistry/repository:Repository": {
			Source:   page("artifact_registry_repository"),
			Inputs:   []string{"repositoryId", "location", "format", "dockerConfig.immutableTags"},
			Required: []string{"repositoryId", "format"},
			Replaces: []string{"repositoryId", "location", "format"},
			ID:       standin.Text("projects/{project}/locations/{location}/repositories/{repositoryId}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{repositoryId}")},
		},
		"gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {
			Source:   page("artifact_registry_repository_iam"),
			Inputs:   []string{"repository", "location", "role", "member"},
			Required: []string{"repository", "role", "member"},
			Replaces: []string{"repository", "location", "role", "member"},
			ID:       standin.Text("projects/{project}/locations/{location}/repositories/{repository}/{role}/{member}"),
		},
		"gcp:compute/address:Address": {
			Source:   page("compute_address"),
			Inputs:   []string{"name", "region", "addressType", "networkTier"},
			Required: []string{"name"},
			Replaces: []string{"name", "region", "addressType", "networkTier"},
			ID:       standin.Text("projects/{project}/regions/{region}/addresses/{name}"),
			Outputs: map[string]standin.Value{
				"address":  standin.Constant("203.0.113.10"),
				"selfLink": standin.Text(links + "projects/{project}/regions/{region}/addresses/{name}"),
			},
		},
		"gcp:dns/recordSet:RecordSet": {
			Source:   page("dns_record_set"),
			Inputs:   []string{"managedZone", "name", "type", "ttl", "rrdatas"},
			Required: []string{"managedZone", "name", "type"},
			Replaces: []string{"managedZone", "name"},
			ID:       standin.Text("projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}"),
		},
	}
}
