package changeset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Digest identifies the whole set: two runs with the same digest make the same changes, to the same values. It is the
// SHA-256 sum in hexadecimal. Secrets count as masked: the engine shows none.
func (s *Set) Digest() string { return digest(s.Changes) }

// Digest identifies one change, including its values.
func (c *Change) Digest() string { return digest([]*Change{c}) }

// digested is the part of a change that its digest covers.
type digested struct {
	URN       urn.URN
	Operation Operation
	Protect   bool
	Reasons   []string
	Paths     []property
	// Inputs are all values of a resource that is created.
	Inputs any
}

type property struct {
	Path string
	Kind apitype.DiffKind
	New  any
}

func digest(all []*Change) string {
	sum := sha256.New()
	encoder := json.NewEncoder(sum) // encodes the keys of an object in sorted order
	for _, change := range all {
		// Encoding cannot fail: every value was decoded from JSON, and a hash takes any number of bytes.
		_ = encoder.Encode(change.digested())
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func (c *Change) digested() digested {
	covered := digested{URN: c.URN, Operation: c.Operation, Reasons: c.Reasons}
	if c.New != nil {
		covered.Protect = c.New.Protect
		if c.Operation != Update {
			covered.Inputs = masked(c.New.Inputs)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.Paths)) {
		value, _ := c.NewValue(path)
		covered.Paths = append(covered.Paths, property{path, c.Paths[path].Kind, value})
	}
	return covered
}
