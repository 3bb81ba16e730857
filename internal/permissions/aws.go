package permissions

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Policies are the grants in AWS: policies that are attached together.
type Policies struct {
	Policies []Policy `yaml:"policies"`
	// place maps the names in capitals to their values.
	place map[string]string
}

// Policy is one policy document.
type Policy struct {
	// Name is the suffix of the document's name and of the policy's.
	Name       string      `yaml:"name"`
	Statements []Statement `yaml:"statements"`
}

// Statement allows every one of its actions on every one of its resources.
type Statement struct {
	SID       string    `yaml:"sid"`
	Why       string    `yaml:"why"`
	Actions   []string  `yaml:"actions"`
	Resources []string  `yaml:"resources"`
	Condition Condition `yaml:"condition"`
}

// Condition maps operators and keys to values. Every key must have one of its values.
type Condition map[string]map[string][]string

// ReadPolicies parses the grants in AWS.
func ReadPolicies(content []byte) (*Policies, error) {
	var granted Policies
	return &granted, decode("what is granted in AWS", content, &granted)
}

// In returns the policies of one environment. place holds the values of ACCOUNT, REGION and the other names in
// capitals.
func (p *Policies) In(place map[string]string) *Policies { return &Policies{p.Policies, place} }

// Documents returns the policies in AWS's format, by file name. The names in capitals stay.
func (p *Policies) Documents() (map[string]string, error) {
	documents := map[string]string{}
	for _, policy := range p.Policies {
		encoded, err := json.MarshalIndent(policy.document(), "", "  ")
		if err != nil {
			return nil, fmt.Errorf("encoding policy %s: %w", policy.Name, err)
		}
		documents["permissions-"+policy.Name+".json"] = string(encoded) + "\n"
	}
	return documents, nil
}

// document is an IAM policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
type document struct {
	Version   string
	Statement []allowance
}

type allowance struct {
	Sid, Effect      string
	Action, Resource []string
	Condition        Condition `json:",omitempty"`
}

func (p Policy) document() document {
	written := document{Version: "2012-10-17"}
	for _, one := range p.Statements {
		written.Statement = append(written.Statement, allowance{
			Sid: one.SID, Effect: "Allow", Action: one.Actions, Resource: one.Resources, Condition: one.Condition,
		})
	}
	return written
}

// Names returns the name of every action on every resource with every value of a condition.
func (p *Policies) Names() []string {
	var names []string
	for _, one := range p.permits() {
		names = append(names, one.name())
	}
	return names
}

// Allowing decides as IAM does for statements that only allow
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
func (p *Policies) Allowing(request Request) []string {
	var names []string
	for _, one := range p.permits() {
		if one.allows(request, p.place) {
			names = append(names, one.name())
		}
	}
	return names
}

// permit is the smallest part of a statement that can be left out alone.
type permit struct {
	sid, action, resource string
	with                  map[string]string
}

func (p *Policies) permits() []permit {
	var permits []permit
	for _, policy := range p.Policies {
		for _, one := range policy.Statements {
			permits = append(permits, one.permits()...)
		}
	}
	return permits
}

func (s Statement) permits() []permit {
	var permits []permit
	for _, action := range s.Actions {
		for _, resource := range s.Resources {
			for _, with := range s.Condition.choices() {
				permits = append(permits, permit{s.SID, action, resource, with})
			}
		}
	}
	return permits
}

// wildcards reports by operator whether * and ? in its values stand for other characters. A condition with an operator
// that is not listed allows nothing.
var wildcards = map[string]bool{
	"StringEquals": false, "ForAllValues:StringEquals": false, "ForAllValues:StringLike": true,
}

// choices returns the ways to fulfil a condition. The empty one has one way.
func (c Condition) choices() []map[string]string {
	choices := []map[string]string{{}}
	for _, operator := range slices.Sorted(maps.Keys(c)) {
		patterns, known := wildcards[operator]
		if !known {
			return nil
		}
		for _, key := range slices.Sorted(maps.Keys(c[operator])) {
			if !patterns && strings.ContainsAny(strings.Join(c[operator][key], ""), "*?") {
				return nil
			}
			choices = withEach(choices, key, c[operator][key])
		}
	}
	return choices
}

func withEach(choices []map[string]string, key string, values []string) []map[string]string {
	var all []map[string]string
	for _, choice := range choices {
		for _, value := range values {
			one := maps.Clone(choice)
			one[key] = value
			all = append(all, one)
		}
	}
	return all
}

func (p permit) name() string {
	return p.sid + ": " + Request{Action: p.action, Where: p.resource, With: p.with}.String()
}

func (p permit) allows(request Request, place map[string]string) bool {
	for key, value := range p.with {
		if !meets(request.With[key], placed(value, place)) {
			return false
		}
	}
	return matches(p.action, request.Action) && matches(placed(p.resource, place), request.Where)
}

// meets reports whether the value of a request is the one of a condition, which has wildcards only where it may.
func meets(value, wanted string) bool {
	if strings.ContainsAny(wanted, "*?") {
		return matches(wanted, value)
	}
	return value == wanted
}

func placed(text string, place map[string]string) string {
	for name, value := range place {
		text = strings.ReplaceAll(text, name, value)
	}
	return text
}
