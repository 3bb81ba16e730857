package permissions

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The lines of a page that enclose the generated section.
const (
	begin = "<!-- Written from permissions.yaml: go test ./internal/permissions -update -->"
	end   = "<!-- The rest is written by hand. -->"
)

// errNoSection is returned for a page without the two lines.
var errNoSection = errors.New("the page has no lines to write the section between")

// WithSection returns a page with another section.
func WithSection(page, section string) (string, error) {
	before, rest, found := strings.Cut(page, begin+"\n")
	_, after, closed := strings.Cut(rest, end+"\n")
	if !found || !closed {
		return "", errNoSection
	}
	return before + begin + "\n\n" + section + "\n" + end + "\n" + after, nil
}

// Section lists the policies with the actions that they allow, and the commands that attach them.
func (p *Policies) Section() string {
	rows := [][]string{{"policy", "allows", "on"}}
	var names []string
	for _, policy := range p.Policies {
		names = append(names, policy.Name)
		for _, one := range policy.Statements {
			rows = append(rows, []string{
				fmt.Sprintf("[%s](eks/permissions-%s.json)", policy.Name, policy.Name), one.Why, code(one.Resources),
			})
		}
	}
	return table(rows) + "\n" + fmt.Sprintf(attach, strings.Join(names, " "))
}

// attach creates the policies from the documents and attaches them to a role.
const attach = "```sh\n" +
	`account=… region=… environment=… zone=… host=… # account, region, name, dns.zone and dns.host of the stack
role=pulumi # the identity that runs Pulumi
for policy in %s; do
  aws iam create-policy --policy-name "$environment-pulumi-$policy" --policy-document "$(sed -e "s/ACCOUNT/$account/g" \
    -e "s/REGION/$region/g" -e "s/ENVIRONMENT/$environment/g" -e "s/ZONE/$zone/g" -e "s/HOST/$host/g" \
    "docs/clouds/eks/permissions-$policy.json")"
  aws iam attach-role-policy --role-name "$role" --policy-arn "arn:aws:iam::$account:policy/$environment-pulumi-$policy"
done
` + "```\n"

// Section lists the roles with their purpose, and the commands that grant them.
func (p *ProjectRoles) Section() string {
	rows := [][]string{{"role on the project", "for"}}
	commands := []string{
		"project=… # account of the stack",
		"member=serviceAccount:… # the identity that runs Pulumi: user:…, serviceAccount:… or principalSet://…",
	}
	limited := ""
	for _, one := range p.Roles {
		rows = append(rows, []string{code([]string{one.Role}), one.Why})
		limited += limits(code([]string{one.Role}), one.MayGrant)
		condition := "--condition=None"
		if len(one.MayGrant) > 0 {
			condition = `--condition-from-file=<(sed "s/` + projectWord + `/$project/g" \
    docs/clouds/gke/permissions-condition.yaml)`
		}
		commands = append(commands, `gcloud projects add-iam-policy-binding "$project" --member="$member" \`,
			"  --role="+one.Role+" "+condition)
	}
	return table(rows) + limited + "\n" + shell(commands)
}

// Section lists the roles with their purpose, and the commands that assign them.
func (a *Assignments) Section() string {
	rows := [][]string{{"role on the subscription", "for"}}
	commands := []string{
		"subscription=… # account of the stack",
		"principal=… # object ID of the identity that runs Pulumi",
	}
	limited := ""
	for _, one := range a.Assignments {
		rows = append(rows, []string{one.Role, one.Why})
		limited += limits(one.Role, one.names())
		commands = append(commands,
			fmt.Sprintf(`az role assignment create --assignee "$principal" --role "%s" \`, one.Role),
			`  --scope "/subscriptions/$subscription"`)
		if len(one.MayGrant) > 0 {
			last := len(commands) - 1
			commands[last] += ` \`
			commands = append(commands,
				`  --condition "$(cat docs/clouds/aks/permissions-condition.txt)" --condition-version 2.0`)
		}
	}
	return table(rows) + limited + "\n" + shell(commands)
}

// limits lists the roles that may be granted with a role. Empty if there is no limit.
func limits(role string, mayGrant []string) string {
	if len(mayGrant) == 0 {
		return ""
	}
	return "\nWith " + role + " these roles can be granted and taken, and no others:\n\n- " +
		strings.Join(mayGrant, "\n- ") + "\n"
}

func shell(commands []string) string { return "```sh\n" + strings.Join(commands, "\n") + "\n```\n" }

func code(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

func table(rows [][]string) string {
	var lines strings.Builder
	for i, row := range rows {
		lines.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			lines.WriteString("|" + strings.Join(slices.Repeat([]string{"---"}, len(row)), "|") + "|\n")
		}
	}
	return lines.String()
}
