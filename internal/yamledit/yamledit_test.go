package yamledit_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/yamledit"
)

func TestSetChangesOneValueAndNothingElse(t *testing.T) {
	cases := map[string]struct {
		reason        string
		before, after string
		path          string
		value         string
	}{
		"replaced": {
			reason: "a comment beside it stays where it is",
			before: "a:\n  b: old   # why\n\n  c: 0x10\n",
			after:  "a:\n  b: new   # why\n\n  c: 0x10\n",
			path:   "a.b", value: "new",
		},
		"replaced in quotes": {
			reason: "a quote in quotes does not end it",
			before: "a: \"o\\\"ld\" # why\nb: 'o''ld'\n",
			after:  "a: new # why\nb: 'o''ld'\n",
			path:   "a", value: "new",
		},
		"replaced in single quotes": {
			reason: "a quote in quotes does not end it",
			before: "b: 'o''ld' # why\n",
			after:  "b: new # why\n",
			path:   "b", value: "new",
		},
		"replaced in braces": {
			reason: "the other entries stay on the line",
			before: "a: {b: {c: old}, d: 1} # why\n",
			after:  "a: {b: {c: new}, d: 1} # why\n",
			path:   "a.b.c", value: "new",
		},
		"replaced by lines": {
			reason: "a certificate",
			before: "a:\n  b: \"\" # why\n  c: 1\n",
			after:  "a:\n  b: | # why\n    one\n    two\n  c: 1\n",
			path:   "a.b", value: "one\ntwo\n",
		},
		"lines replaced": {
			reason: "the new certificate may be longer, and the next section is not its own",
			before: "a:\n  b: | # why\n    one\n\n    two\n\n  # about c\n  c: 1\n",
			after:  "a:\n  b: | # why\n    three\n    four\n    five\n\n  # about c\n  c: 1\n",
			path:   "a.b", value: "three\nfour\nfive\n",
		},
		"lines replaced by one": {
			reason: "all of them go",
			before: "a:\n  b: |\n    one\n    two\n  c: 1\n",
			after:  "a:\n  b: new\n  c: 1\n",
			path:   "a.b", value: "new",
		},
		"lines at the end": {
			reason: "a file need not end with a line break",
			before: "a:\n  b: |\n    one\n    two",
			after:  "a:\n  b: |\n    three\n",
			path:   "a.b", value: "three\n",
		},
		"lines in braces": {
			reason: "they have to be on one",
			before: "a: {b: old}\n",
			after:  "a: {b: \"one\\ntwo\\n\"}\n",
			path:   "a.b", value: "one\ntwo\n",
		},
		"added": {
			reason: "it comes last, before the comment that belongs to the next section",
			before: "a:\n  b: 1\n  # about c\n  c:\n    - x\n\n# about d\nd: 2\n",
			after:  "a:\n  b: 1\n  # about c\n  c:\n    - x\n  new: v\n\n# about d\nd: 2\n",
			path:   "a.new", value: "v",
		},
		"added behind an outdented list": {
			reason: "its dashes may be below its key",
			before: "a:\n  b:\n  - x\n  - y\nc: 1\n",
			after:  "a:\n  b:\n  - x\n  - y\n  new: v\nc: 1\n",
			path:   "a.new", value: "v",
		},
		"added at the end": {
			reason: "a file need not end with a line break",
			before: "a:\n    b: 1",
			after:  "a:\n    b: 1\n    x:\n      y: v\n",
			path:   "a.x.y", value: "v",
		},
		"added at the top": {
			reason: "the path begins there",
			before: "# head\n\na: 1\n",
			after:  "# head\n\na: 1\nb:\n  c: v\n",
			path:   "b.c", value: "v",
		},
		"added behind lines": {
			reason: "a # in a text is no comment",
			before: "a:\n  b: |\n    one\n    # two\nc: 1\n",
			after:  "a:\n  b: |\n    one\n    # two\n  new: v\nc: 1\n",
			path:   "a.new", value: "v",
		},
		"added in braces": {
			reason: "braces in quotes and comments do not count",
			before: "a: {b: \"}\", c: ['}', it's], d: {e: 1}} # }\n",
			after:  "a: {b: \"}\", c: ['}', it's], d: {e: 1}, x: {y: v}} # }\n",
			path:   "a.x.y", value: "v",
		},
		"added in empty braces": {
			reason: "there is nothing to separate it from",
			before: "a: {b: {}, c: 1}\n",
			after:  "a: {b: {x: v}, c: 1}\n",
			path:   "a.b.x", value: "v",
		},
		"added behind a comma": {
			reason: "a comma may come last",
			before: "a: {\n  b: 1,\n}\n",
			after:  "a: {\n  b: 1, x: v\n}\n",
			path:   "a.x", value: "v",
		},
		"text like another type": {
			reason: "it has to stay a text",
			before: "a: 1\n",
			after:  "a: 1\n\"NULL\": \"60\"\n",
			path:   "NULL", value: "60",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			changed, err := yamledit.Set([]byte(c.before), strings.Split(c.path, "."), c.value)
			require.NoError(t, err)
			assert.Equal(t, c.after, string(changed), c.reason)
		})
	}
}

func TestSetRefusesWhatItWouldSpoil(t *testing.T) {
	cases := map[string]struct{ reason, document, path string }{
		"no YAML":            {"there is nothing to go by", "a: [", "a"},
		"nothing":            {"there is no object", "", "a"},
		"list":               {"a path has keys", "- a\n", "a"},
		"object":             {"all that is below it would go", "a: {b: planted}\n", "a"},
		"text on the way":    {"it would go", "a: planted\n", "a.b"},
		"null on the way":    {"it may mean something", "a:\n", "a.b"},
		"alias":              {"another place would change too", "x: &x {b: planted}\na: *x\n", "a.b"},
		"alias as value":     {"it is written elsewhere", "x: &x planted\na: *x\n", "a"},
		"anchor":             {"another place would change too", "a: &x planted\nb: *x\n", "a"},
		"merged":             {"what is merged would be lost", "x: &x {b: {c: planted}}\na: {<<: *x}\n", "a.b.d"},
		"over several lines": {"its end is not known", "a: \"planted\n  hunter2\"\n", "a"},
		"plain over lines":   {"its end is not known", "a: planted\n  hunter2\n", "a"},
		"comment in braces":  {"the entry would be a comment", "a: {\n  b: planted # why\n}\n", "a.x"},
		"empty path":         {"there is no value", "a: 1\n", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var path []string
			if c.path != "" {
				path = strings.Split(c.path, ".")
			}
			changed, err := yamledit.Set([]byte(c.document), path, "value")
			require.ErrorIs(t, err, yamledit.ErrLayout, c.reason)
			assert.Empty(t, changed)
			assert.NotContains(t, err.Error(), "planted")
		})
	}
}

// Whatever the document looks like: it is refused, or what was set can be read from the new one.
func FuzzSet(f *testing.F) {
	for _, stack := range []string{"local", "staging", "production"} {
		tracked, err := os.ReadFile("../../Pulumi." + stack + ".yaml")
		require.NoError(f, err)
		f.Add(string(tracked), "config", "dreamseed:services", "auth", "value")
		f.Add(string(tracked), "config", "dreamseed:services", "auth", "a\nb\n")
	}
	f.Add("a: {b: {c: d}}", "a", "b", "c", "x")
	f.Add("a:\n  b:\n    c: |-\n      d\n", "a", "b", "c", "x")
	f.Fuzz(func(t *testing.T, document, first, second, third, value string) {
		changed, err := yamledit.Set([]byte(document), []string{first, second, third}, value)
		if err != nil {
			require.ErrorIs(t, err, yamledit.ErrLayout)
			return
		}
		var read map[string]any
		require.NoError(t, yaml.Unmarshal(changed, &read))
		above, _ := read[first].(map[string]any)
		below, _ := above[second].(map[string]any)
		assert.Equal(t, value, below[third])
	})
}
