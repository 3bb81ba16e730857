package eks

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// policy is an IAM policy document
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
type policy struct {
	Version   string
	Statement []statement
}

// statement is one rule of a policy. Every statement allows: anything that no statement names is denied.
type statement struct {
	Effect    string
	Principal map[string]string            `json:",omitempty"`
	Action    []string                     `json:",omitempty"`
	Resource  []string                     `json:",omitempty"`
	Condition map[string]map[string]string `json:",omitempty"`
}

func policyOf(statements ...statement) pulumi.String {
	for i := range statements {
		statements[i].Effect = "Allow"
	}
	// Strings, lists and maps of strings cannot fail to encode.
	encoded, _ := json.Marshal(policy{Version: "2012-10-17", Statement: statements})
	return pulumi.String(encoded)
}

// assumedBy lets an AWS service assume a role.
func assumedBy(service string) pulumi.String {
	return policyOf(statement{
		Principal: map[string]string{"Service": service},
		Action:    []string{"sts:AssumeRole"},
	})
}

const everything = "*"
