package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

// clusterAccess has the resources that grant access to a cluster and give its pods their identities.
func clusterAccess() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:eks/accessEntry:AccessEntry": {
			Source:   page("eks_access_entry"),
			Inputs:   []string{"clusterName", "principalArn", "kubernetesGroups"},
			Required: []string{"clusterName", "principalArn"},
			Replaces: []string{"clusterName", "principalArn"},
			ID:       standin.Text("{clusterName}:{principalArn}"),
		},
		"aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
			Source:   page("eks_access_policy_association"),
			Inputs:   []string{"clusterName", "principalArn", "policyArn", "accessScope.type"},
			Required: []string{"clusterName", "principalArn", "policyArn", "accessScope"},
			Replaces: []string{"clusterName", "principalArn", "policyArn", "accessScope"},
			ID:       standin.Text("{clusterName}#{principalArn}#{policyArn}"),
		},
		"aws:eks/podIdentityAssociation:PodIdentityAssociation": {
			Source:   page("eks_pod_identity_association"),
			Inputs:   []string{"clusterName", "namespace", "serviceAccount", "roleArn"},
			Required: []string{"clusterName", "namespace", "serviceAccount", "roleArn"},
			Replaces: []string{"clusterName", "namespace", "serviceAccount"},
			ID:       standin.Text("a-{serial}"),
		},
	}
}
