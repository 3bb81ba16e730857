package permissions

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ProjectRoles are the grants in Google Cloud: predefined roles on the environment's project.
type ProjectRoles struct {
	Roles []ProjectRole `yaml:"roles"`
	held  map[string]predefinedRole
}

// ProjectRole is the grant of one role.
type ProjectRole struct {
	Role string `yaml:"role"`
	Why  string `yaml:"why"`
	// MayGrant limits the roles that can be granted with it. Empty means no limit. A role of the project's own has the
	// word PROJECT for the project.
	MayGrant []string `yaml:"mayGrant"`
}

// predefinedRole holds the permissions of a role, as far as any resource needs them.
type predefinedRole struct {
	Source      string   `yaml:"source"`
	Permissions []string `yaml:"permissions"`
}

// grantsRoles is the permission that MayGrant limits.
const grantsRoles = "resourcemanager.projects.setIamPolicy"

// ReadProjectRoles parses the grants in Google Cloud.
func ReadProjectRoles(content []byte) (*ProjectRoles, error) {
	var granted ProjectRoles
	if err := decode("what is granted in Google Cloud", content, &granted); err != nil {
		return nil, err
	}
	return &granted, readTable("roles/gcp.yaml", &granted.held)
}

// In returns the grants in a project.
func (p *ProjectRoles) In(project string) *ProjectRoles {
	there := &ProjectRoles{Roles: slices.Clone(p.Roles), held: p.held}
	for i, one := range there.Roles {
		there.Roles[i].MayGrant = slices.Clone(one.MayGrant)
		for j, other := range one.MayGrant {
			there.Roles[i].MayGrant[j] = strings.ReplaceAll(other, projectWord, project)
		}
	}
	return there
}

// projectWord stands for the environment's project.
const projectWord = "PROJECT"

// Condition returns the condition that limits the grant to the roles of MayGrant
// (https://cloud.google.com/iam/docs/setting-limits-on-granting-roles).
func (r ProjectRole) Condition() string {
	return fmt.Sprintf("api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['%s'])",
		strings.Join(r.MayGrant, "', '"))
}

// Documents returns the conditions in the format of gcloud.
func (p *ProjectRoles) Documents() (map[string]string, error) {
	documents := map[string]string{}
	for _, one := range p.Roles {
		if len(one.MayGrant) == 0 {
			continue
		}
		encoded, err := yaml.Marshal(map[string]string{
			"title": "the roles that Pulumi grants", "expression": one.Condition(),
		})
		if err != nil {
			return nil, fmt.Errorf("encoding the condition of %s: %w", one.Role, err)
		}
		documents["permissions-condition.yaml"] = string(encoded)
	}
	return documents, nil
}

// Names returns the names of the roles. A limited role has one name for every role that it may grant.
func (p *ProjectRoles) Names() []string {
	var names []string
	for _, one := range p.Roles {
		names = append(names, limitedNames(one.Role, one.MayGrant)...)
	}
	return names
}

// Allowing returns the roles that hold the permission.
func (p *ProjectRoles) Allowing(request Request) []string {
	var names []string
	for _, one := range p.Roles {
		if !slices.Contains(p.held[one.Role].Permissions, request.Action) {
			continue
		}
		limit := one.MayGrant
		if request.Action != grantsRoles {
			limit = nil
		}
		names = append(names, limitedName(one.Role, limit, request.With["role"])...)
	}
	return names
}

// limitedNames returns the single grants of a role that may grant others.
func limitedNames(role string, mayGrant []string) []string {
	if len(mayGrant) == 0 {
		return []string{role}
	}
	var names []string
	for _, other := range mayGrant {
		names = append(names, role+" granting "+other)
	}
	return names
}

// limitedName returns the grant through which a role allows granting another, or none if it does not.
func limitedName(role string, mayGrant []string, other string) []string {
	switch {
	case len(mayGrant) == 0:
		return []string{role}
	case slices.Contains(mayGrant, other):
		return []string{role + " granting " + other}
	default:
		return nil
	}
}

// Sources returns, for each granted role, the source of its list of permissions. Empty if the role is not known.
func (p *ProjectRoles) Sources() map[string]string {
	sources := map[string]string{}
	for _, one := range p.Roles {
		sources[one.Role] = p.held[one.Role].Source
	}
	return sources
}
