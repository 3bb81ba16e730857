package naming_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/util/validation"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/internal/naming"
)

var (
	labels     = rapid.StringMatching(`[a-z0-9]([-a-z0-9]{0,80}[a-z0-9])?`)
	subdomains = rapid.StringMatching(`[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?){0,5}`)
	contents   = rapid.MapOf(rapid.String(), rapid.String())
)

func TestANameIsNeverTooLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.String().Draw(t, "base")
		assert.LessOrEqual(t, len(naming.WithHash(base+strings.Repeat("a", 60), nil)), 63)
	})
}

func TestANameOfALabelIsALabel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := naming.WithHash(labels.Draw(t, "base"), contents.Draw(t, "content"))
		assert.Empty(t, validation.IsDNS1123Label(name), name)
	})
}

func TestANameOfASubdomainIsASubdomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := naming.WithHash(subdomains.Draw(t, "base"), contents.Draw(t, "content"))
		assert.Empty(t, validation.IsDNS1123Subdomain(name), name)
	})
}

func TestTheSameContentGivesTheSameName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, content := labels.Draw(t, "base"), contents.Draw(t, "content")
		assert.Equal(t, naming.WithHash(base, content), naming.WithHash(base, maps.Clone(content)))
	})
}

func TestAnotherContentGivesAnotherName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, one, other := labels.Draw(t, "base"), contents.Draw(t, "one"), contents.Draw(t, "other")
		if !maps.Equal(one, other) {
			assert.NotEqual(t, naming.WithHash(base, one), naming.WithHash(base, other))
		}
	})
}

func TestWhatBelongsToAKeyAndWhatToItsValueMatters(t *testing.T) {
	names := map[string]bool{}
	for _, content := range []map[string]string{
		nil, {"a": "bc"}, {"ab": "c"}, {"a": "b", "c": ""}, {"a": "", "b": "c"}, {"abc": ""}, {"": "abc"},
	} {
		names[naming.WithHash("base", content)] = true
	}
	assert.Len(t, names, 7)
}

func TestAnotherBaseGivesAnotherNameHoweverLongItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		long := strings.Repeat("a", rapid.IntRange(1, 100).Draw(t, "length"))
		assert.NotEqual(t, naming.WithHash(long+"b", nil), naming.WithHash(long+"c", nil))
	})
}

func TestAShortBaseIsKept(t *testing.T) {
	assert.Regexp(t, `^auth-service-config-[0-9a-f]{10}$`, naming.WithHash("auth-service-config", nil))
}

func TestALongBaseIsCutAtItsEnd(t *testing.T) {
	name := naming.WithHash(strings.Repeat("a", 51)+"-bcd", nil)
	assert.Regexp(t, `^a{51}-[0-9a-f]{10}$`, name, "no two hyphens where it was cut")
}

func TestARuleBoundsEveryName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := naming.Rule{
			Length:     rapid.IntRange(12, 128).Draw(t, "length"),
			Separator:  rapid.SampledFrom([]string{"", "-"}).Draw(t, "separator"),
			HashLength: rapid.IntRange(4, 8).Draw(t, "hash"),
		}
		base := labels.Draw(t, "base")
		name := rule.WithHash(base, contents.Draw(t, "content"))
		assert.LessOrEqual(t, len(name), rule.Length)
		if len(base) <= rule.Room() {
			assert.True(t, strings.HasPrefix(name, base+rule.Separator), "a base with room is kept whole")
		}
	})
}
