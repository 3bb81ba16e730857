package aws

import (
	"fmt"
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

const iam = "arn:aws:iam::" + account + ":"

// access has the resources of IAM and KMS.
func access() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:iam/role:Role": {
			Source:   page("iam_role"),
			Inputs:   []string{"name", "assumeRolePolicy"},
			Required: []string{"assumeRolePolicy"},
			Replaces: []string{"name"},
			ID:       standin.Text("{name}"),
			Outputs:  map[string]standin.Value{"arn": standin.Text(iam + "role/{name}")},
		},
		"aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
			Source:   page("iam_role_policy_attachment"),
			Inputs:   []string{"role", "policyArn"},
			Required: []string{"role", "policyArn"},
			Replaces: []string{"role", "policyArn"},
			ID:       standin.Text("{role}-{serial}"),
		},
		"aws:iam/rolePolicy:RolePolicy": {
			Source:   page("iam_role_policy"),
			Inputs:   []string{"name", "role", "policy"},
			Required: []string{"role", "policy"},
			Replaces: []string{"name", "role"},
			ID:       standin.Text("{role}:{name}"),
		},
		"aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
			Source:   page("iam_openid_connect_provider"),
			Inputs:   []string{"url", "clientIdLists"},
			Required: []string{"url", "clientIdLists"},
			Replaces: []string{"url"},
			ID:       issuerARN,
			Outputs:  map[string]standin.Value{"arn": standin.Text("{id}")},
		},
		"aws:kms/key:Key": {
			Source: page("kms_key"),
			Inputs: []string{"description", "enableKeyRotation", "deletionWindowInDays", "policy", "tags.*"},
			ID:     standin.Text("{serial}"),
			Outputs: map[string]standin.Value{
				"arn":   standin.Text("arn:aws:kms:{region}:" + account + ":key/{id}"),
				"keyId": standin.Text("{id}"),
			},
		},
		"aws:kms/alias:Alias": {
			Source:   page("kms_alias"),
			Inputs:   []string{"name", "targetKeyId"},
			Required: []string{"targetKeyId"},
			Replaces: []string{"name"},
			ID:       standin.Text("{name}"),
		},
	}
}

// issuerARN names an issuer by its address without the protocol
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
func issuerARN(i standin.Instance) any {
	address, _ := i.Input("url")
	return iam + "oidc-provider/" + strings.TrimPrefix(fmt.Sprint(address), "https://")
}
