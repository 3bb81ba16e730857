package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

// delivery has the resources that deliver images to the nodes, and traffic to the services.
func delivery() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:ecr/repository:Repository": {
			Source: page("ecr_repository"),
			Inputs: []string{
				"name", "imageTagMutability", "imageScanningConfiguration.scanOnPush",
				"encryptionConfigurations.encryptionType", "encryptionConfigurations.kmsKey",
			},
			Required: []string{"name"},
			Replaces: []string{"name", "encryptionConfigurations"},
			ID:       standin.Text("{name}"),
			Outputs: map[string]standin.Value{
				"repositoryUrl": standin.Text(account + ".dkr.ecr.{region}.amazonaws.com/{name}"),
			},
		},
		"aws:ecr/lifecyclePolicy:LifecyclePolicy": {
			Source:   page("ecr_lifecycle_policy"),
			Inputs:   []string{"repository", "policy"},
			Required: []string{"repository", "policy"},
			Replaces: []string{"repository", "policy"},
			ID:       standin.Text("{repository}"),
		},
		"aws:route53/record:Record": {
			Source:   page("route53_record"),
			Inputs:   []string{"zoneId", "name", "type", "ttl", "records"},
			Required: []string{"zoneId", "name", "type"},
			Replaces: []string{"zoneId", "name", "type"},
			ID:       standin.Text("{zoneId}_{name}_{type}"),
		},
	}
}
