package cluster

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/invalid"
)

// Subject is a user or a group as the API server sees it
// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects).
type Subject struct {
	Kind SubjectKind
	Name string
}

// SubjectKind is the kind of a Subject, as a binding names it.
type SubjectKind string

// The kinds of people and pipelines. Service accounts of the cluster itself have one of their own.
const (
	User  SubjectKind = "User"
	Group SubjectKind = "Group"
)

// subjectKinds are the kinds by the prefix of an IAM member, and of the preview identity of an existing cluster.
var subjectKinds = map[string]SubjectKind{"user": User, "serviceAccount": User, "group": Group}

// Member returns the subject of an identity with a prefix: user:alice is the user alice.
func Member(identity string) *Subject {
	prefix, name, _ := strings.Cut(identity, ":")
	return &Subject{Kind: subjectKinds[prefix], Name: name}
}

// kubernetesOwn is the prefix of the users and groups that Kubernetes keeps for itself
// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects).
const kubernetesOwn = "system:"

func (a *APIAccess) validatePreviewIdentity(limits limits, problems *invalid.Problems) {
	const key = "cluster.api.previewIdentity"
	switch identity := a.PreviewIdentity; {
	case identity == "":
	case !limits.previewIdentity.fits(identity):
		problems.Add(key, identity, "%s", limits.previewIdentity.rule)
	case strings.HasPrefix(Member(identity).Name, kubernetesOwn):
		problems.Add(key, identity, "must be none of Kubernetes' own, which begin with %s", kubernetesOwn)
	case slices.ContainsFunc(a.Administrators, func(other string) bool { return strings.EqualFold(other, identity) }):
		problems.Add(key, identity, "must not be among cluster.api.administrators, whose changes would be refused")
	}
}
