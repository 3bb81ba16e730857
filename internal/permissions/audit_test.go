package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/permissions"
)

// open maps the names of grants to the one action that each allows.
type open map[string]string

func (o open) Names() []string { return []string{"first", "second", "third"} }

func (o open) Allowing(request permissions.Request) []string {
	var names []string
	for _, name := range o.Names() {
		if o[name] == request.Action {
			names = append(names, name)
		}
	}
	return names
}

// The controls of every audit: it finds refused requests and unneeded grants.
func TestAnAuditFindsWhatIsMissingAndWhatIsTooMuch(t *testing.T) {
	grants := open{"first": "read", "second": "write", "third": "read"}
	var audit permissions.Audit
	for _, action := range []string{"write", "delete", "delete", "read"} {
		audit.Hear(grants, permissions.Request{Action: action, Where: "here"})
	}
	assert.Equal(t, []string{"delete on here"}, audit.Refused, "once")
	assert.Equal(t, []string{"first", "third"}, audit.Unneeded(grants), "either of them could go")
	var nothing permissions.Audit
	assert.Len(t, nothing.Unneeded(grants), 3)
}
