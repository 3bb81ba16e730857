package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

func identity() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:serviceaccount/account:Account": {
			Source:   page("google_service_account"),
			Inputs:   []string{"accountId", "displayName"},
			Required: []string{"accountId"},
			Replaces: []string{"accountId"},
			ID:       standin.Text("projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"),
			Outputs: map[string]standin.Value{
				"email":  standin.Text("{accountId}@{project}.iam.gserviceaccount.com"),
				"member": standin.Text("serviceAccount:{accountId}@{project}.iam.gserviceaccount.com"),
				"name":   standin.Text("projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"),
			},
		},
		"gcp:serviceaccount/iAMMember:IAMMember": {
			Source:   page("google_service_account_iam"),
			Inputs:   []string{"serviceAccountId", "role", "member"},
			Required: []string{"serviceAccountId", "role", "member"},
			Replaces: []string{"serviceAccountId", "role", "member"},
			ID:       standin.Text("{serviceAccountId}/{role}/{member}"),
		},
		"gcp:projects/iAMMember:IAMMember": {
			Source:   page("google_project_iam"),
			Inputs:   []string{"project", "role", "member", "condition.title", "condition.expression"},
			Required: []string{"project", "role", "member"},
			Replaces: []string{"project", "role", "member", "condition"},
			ID:       standin.Text("{project}/{role}/{member}"),
		},
	}
}

func encryption() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:kms/keyRing:KeyRing": {
			Source:   page("kms_key_ring"),
			Inputs:   []string{"name", "location"},
			Required: []string{"name", "location"},
			Replaces: []string{"name", "location"},
			ID:       standin.Text("projects/{project}/locations/{location}/keyRings/{name}"),
		},
		"gcp:kms/cryptoKey:CryptoKey": {
			Source:   page("kms_crypto_key"),
			Inputs:   []string{"name", "keyRing", "purpose", "rotationPeriod"},
			Required: []string{"name", "keyRing"},
			Replaces: []string{"name", "keyRing", "purpose"},
			ID:       standin.Text("{keyRing}/cryptoKeys/{name}"),
		},
		"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": {
			Source:   page("google_kms_crypto_key_iam"),
			Inputs:   []string{"cryptoKeyId", "role", "member"},
			Required: []string{"cryptoKeyId", "role", "member"},
			Replaces: []string{"cryptoKeyId", "role", "member"},
			ID:       standin.Text("{cryptoKeyId}/{role}/{member}"),
		},
	}
}
