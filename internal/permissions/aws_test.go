package permissions_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

// A managed policy has at most 6144 characters, not counting spaces, and a role at most ten policies
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Names are longer than their
// placeholders.
func TestAWSTakesThePolicies(t *testing.T) {
	documents, err := policies(t).Documents()
	require.NoError(t, err)
	assert.LessOrEqual(t, len(documents), 10)
	for name, document := range documents {
		counted := regexp.MustCompile(`\s`).ReplaceAllString(document, "")
		placeholders := len(regexp.MustCompile(`ACCOUNT|REGION|ENVIRONMENT|ZONE|HOST`).FindAllString(counted, -1))
		assert.LessOrEqual(t, len(counted)+placeholders*longestName, 6144, name)
	}
}

// longestName is the number of characters by which the longest name exceeds its placeholder: 33 for an environment.
const longestName = 33

func TestEveryStatementSaysWhatItIsFor(t *testing.T) {
	seen := map[string]bool{}
	for _, policy := range policies(t).Policies {
		require.NotEmpty(t, policy.Statements, policy.Name)
		for _, one := range policy.Statements {
			// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
			assert.Regexp(t, `^[A-Za-z0-9]+$`, one.SID)
			assert.False(t, seen[one.SID], "%s is there twice", one.SID)
			seen[one.SID] = true
			assert.NotEmpty(t, one.Why, one.SID)
			require.NotEmpty(t, one.Actions, one.SID)
			require.NotEmpty(t, one.Resources, one.SID)
			for _, action := range one.Actions {
				assert.NotContains(t, action, "*", "%s: what is needed is known", one.SID)
			}
		}
	}
	assert.NotEmpty(t, seen)
}

func TestAPolicyAllowsWhatOneOfItsStatementsDoes(t *testing.T) {
	read, err := permissions.ReadPolicies([]byte(`
policies:
  - name: one
    statements:
      - {sid: Roles, actions: ["iam:Get*", iam:PassRole], resources: ["arn:aws:iam::ACCOUNT:role/ENVIRONMENT-*"]}
      - sid: Linked
        actions: [iam:CreateServiceLinkedRole]
        resources: ["*"]
        condition: {StringEquals: {"iam:AWSServiceName": [eks.amazonaws.com, spot.amazonaws.com]}}
      - {sid: Odd, actions: [iam:Odd], resources: ["*"], condition: {NumericEquals: {"iam:Odd": ["1"]}}}
`))
	require.NoError(t, err)
	granted := read.In(map[string]string{"ACCOUNT": "1", "ENVIRONMENT": "prod"})
	assert.Equal(t, []string{
		"Roles: iam:Get* on arn:aws:iam::ACCOUNT:role/ENVIRONMENT-*",
		"Roles: iam:PassRole on arn:aws:iam::ACCOUNT:role/ENVIRONMENT-*",
		"Linked: iam:CreateServiceLinkedRole on * with iam:AWSServiceName eks.amazonaws.com",
		"Linked: iam:CreateServiceLinkedRole on * with iam:AWSServiceName spot.amazonaws.com",
	}, granted.Names())
	const pass, account = "iam:PassRole", "arn:aws:iam::1:role/"
	linked := func(service string) permissions.Request {
		return permissions.Request{
			Action: "iam:CreateServiceLinkedRole", With: map[string]string{"iam:AWSServiceName": service},
		}
	}
	for reason, c := range map[string]struct {
		request permissions.Request
		want    bool
	}{
		"its own role":               {permissions.Request{Action: pass, Where: account + "prod-nodes"}, true},
		"a pattern of actions":       {permissions.Request{Action: "iam:GetRole", Where: account + "prod-nodes"}, true},
		"whatever the case":          {permissions.Request{Action: "iam:passrole", Where: account + "prod-nodes"}, true},
		"another environment's role": {permissions.Request{Action: pass, Where: account + "staging-nodes"}, false},
		"another account's role":     {permissions.Request{Action: pass, Where: "arn:aws:iam::2:role/prod-nodes"}, false},
		"another action":             {permissions.Request{Action: "iam:DeleteRole", Where: account + "prod-nodes"}, false},
		"a service that is named":    {linked("eks.amazonaws.com"), true},
		"a service that is not":      {linked("rds.amazonaws.com"), false},
		"no service":                 {permissions.Request{Action: "iam:CreateServiceLinkedRole"}, false},
		"a condition of another kind": {
			permissions.Request{Action: "iam:Odd", With: map[string]string{"iam:Odd": "1"}}, false,
		},
	} {
		assert.Equal(t, c.want, len(granted.Allowing(c.request)) > 0, reason)
	}
}
