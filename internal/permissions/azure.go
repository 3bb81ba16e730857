package permissions

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Assignments are the grants in Azure: built-in roles on the environment's subscription.
type Assignments struct {
	Assignments []Assignment `yaml:"assignments"`
	// subscription is the ID of the environment's subscription.
	subscription string
	held         map[string]builtIn
}

// Assignment is the assignment of one role.
type Assignment struct {
	Role string `yaml:"role"`
	ID   string `yaml:"id"`
	Why  string `yaml:"why"`
	// MayGrant limits the roles that can be assigned with it. Empty means no limit.
	MayGrant []BuiltInRole `yaml:"mayGrant"`
}

// BuiltInRole is a role, with its display name and its ID in Azure.
type BuiltInRole struct {
	Role string `yaml:"role"`
	ID   string `yaml:"id"`
}

// builtIn holds the actions of a role.
type builtIn struct {
	Name       string   `yaml:"name"`
	Source     string   `yaml:"source"`
	Actions    []string `yaml:"actions"`
	NotActions []string `yaml:"notActions"`
}

func (b builtIn) holds(action string) bool {
	match := func(pattern string) bool { return matches(pattern, action) }
	return slices.ContainsFunc(b.Actions, match) && !slices.ContainsFunc(b.NotActions, match)
}

// ReadAssignments parses the grants in Azure.
func ReadAssignments(content []byte) (*Assignments, error) {
	var granted Assignments
	if err := decode("what is granted in Azure", content, &granted); err != nil {
		return nil, err
	}
	return &granted, readTable("roles/azure.yaml", &granted.held)
}

// In returns the assignments of one environment.
func (a *Assignments) In(subscription string) *Assignments {
	return &Assignments{Assignments: a.Assignments, subscription: subscription, held: a.held}
}

func (a Assignment) mayGrant() []string {
	var ids []string
	for _, one := range a.MayGrant {
		ids = append(ids, one.ID)
	}
	return ids
}

func (a Assignment) names() []string {
	var names []string
	for _, one := range a.MayGrant {
		names = append(names, one.Role)
	}
	return names
}

// limitedActions are the actions that MayGrant limits, and whether the limited role is in the request or in the
// existing resource (https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples).
var limitedActions = []struct{ action, of string }{
	{"Microsoft.Authorization/roleAssignments/write", "Request"},
	{"Microsoft.Authorization/roleAssignments/delete", "Resource"},
}

// Condition returns the condition that limits the assignment to the roles of MayGrant.
func (a Assignment) Condition() string {
	var limits []string
	for _, limited := range limitedActions {
		limits = append(limits, fmt.Sprintf("((!(ActionMatches{'%s'})) OR "+
			"(@%s[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {%s}))",
			limited.action, limited.of, strings.Join(a.mayGrant(), ", ")))
	}
	return strings.Join(limits, " AND ")
}

// Documents returns the conditions in the format of az.
func (a *Assignments) Documents() (map[string]string, error) {
	documents := map[string]string{}
	for _, one := range a.Assignments {
		if len(one.MayGrant) > 0 {
			documents["permissions-condition.txt"] = one.Condition() + "\n"
		}
	}
	return documents, nil
}

// Names returns the names of the roles. A limited role has one name for every role that it may assign.
func (a *Assignments) Names() []string {
	var names []string
	for _, one := range a.Assignments {
		names = append(names, limitedNames(one.Role, one.mayGrant())...)
	}
	return names
}

// Allowing returns the roles that hold the action, for resources in the subscription.
func (a *Assignments) Allowing(request Request) []string {
	scope := "/subscriptions/" + a.subscription
	if request.Where != scope && !strings.HasPrefix(request.Where, scope+"/") {
		return nil
	}
	var names []string
	for _, one := range a.Assignments {
		if a.held[one.ID].holds(request.Action) {
			names = append(names, limitedName(one.Role, one.limit(request.Action), path.Base(request.With["role"]))...)
		}
	}
	return names
}

// limit returns MayGrant for the actions that it limits.
func (a Assignment) limit(action string) []string {
	for _, limited := range limitedActions {
		if strings.EqualFold(limited.action, action) {
			return a.mayGrant()
		}
	}
	return nil
}

// Sources returns, for each granted role, the source of its list of actions. Empty if the ID does not match the name.
func (a *Assignments) Sources() map[string]string {
	sources := map[string]string{}
	for _, one := range a.Assignments {
		sources[one.Role] = ""
		if role := a.held[one.ID]; role.Name == one.Role {
			sources[one.Role] = role.Source
		}
	}
	return sources
}
