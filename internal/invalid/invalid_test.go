package invalid_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/invalid"
)

func TestAProblemReadsAsASentence(t *testing.T) {
	cases := map[string]struct {
		reason string
		value  any
		want   string
	}{
		"missing":      {reason: "nothing was found", want: "dreamseed:a.b is missing: it must be c"},
		"string":       {reason: "quotes show its blanks", value: " x", want: `dreamseed:a.b is " x": it must be c`},
		"empty string": {reason: "it was given", value: "", want: `dreamseed:a.b is "": it must be c`},
		"number":       {reason: "it is no string", value: 3, want: "dreamseed:a.b is 3: it must be c"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var problems invalid.Problems
			problems.Add("a.b", c.value, "must be %s", "c")
			assert.Equal(t, c.want, problems.Error(), c.reason)
		})
	}
}

func TestNoProblemIsNoError(t *testing.T) {
	var problems invalid.Problems
	require.NoError(t, problems.Err())
	problems.Add("a", 1, "must not be")
	require.Error(t, problems.Err())
}

func TestProblemsAreListedOneOnALine(t *testing.T) {
	var problems invalid.Problems
	problems.Add("a", 1, "must not be")
	problems.Add("b", nil, "must be")
	assert.Equal(t, "dreamseed:a is 1: it must not be\ndreamseed:b is missing: it must be", problems.Error())
}

func TestProblemsAreFoundBehindAPath(t *testing.T) {
	var problems invalid.Problems
	problems.Add("a", 1, "must not be")
	err := fmt.Errorf("reading: %w", problems.Err())
	var all invalid.Problems
	require.ErrorAs(t, err, &all)
	assert.Len(t, all, 1)
	var one invalid.Problem
	require.ErrorAs(t, err, &one)
	assert.Equal(t, "a", one.Key)
}

func TestHideKeepsAValueOutOfTheMessage(t *testing.T) {
	cases := map[string]struct {
		reason string
		key    string
		value  any
		hidden bool
	}{
		"key":            {reason: "it is the secret itself", key: "egress", value: "planted", hidden: true},
		"below":          {reason: "it is a part of the secret", key: "egress.a.b", value: "planted", hidden: true},
		"in a list":      {reason: "it is a part of the secret", key: "egress[0].cidr", value: "planted", hidden: true},
		"not a string":   {reason: "it is a part of the secret", key: "egress", value: []string{"planted"}, hidden: true},
		"key with a dot": {reason: "an unknown key may have any name", key: "odd.name", value: "planted", hidden: true},
		"longer key":     {reason: "it is another key", key: "egressive", value: "planted"},
		"nested name":    {reason: "it is another key", key: "services.egress", value: "planted"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var problems invalid.Problems
			problems.Add(c.key, c.value, "must not be")
			problems.Hide([]string{"egress", "odd.name"})
			if c.hidden {
				assert.NotContains(t, problems.Error(), "planted", c.reason)
			} else {
				assert.Contains(t, problems.Error(), "planted", c.reason)
			}
			assert.Contains(t, problems.Error(), c.key, "the person must find it")
		})
	}
}

func TestAMissingSecretIsSaidToBeMissing(t *testing.T) {
	var problems invalid.Problems
	problems.Add("a", nil, "must be")
	problems.Hide([]string{"a"})
	assert.Contains(t, problems.Error(), "is missing")
}

func TestSection(t *testing.T) {
	for key, want := range map[string]string{
		"": "", "cluster": "cluster", "cluster.zones[0]": "cluster", "egress[0].cidr": "egress", ".": "", "[": "",
	} {
		assert.Equal(t, want, invalid.Problem{Key: key}.Section(), key)
	}
}

func TestOneOf(t *testing.T) {
	assert.Equal(t, "must be one of a, b", invalid.OneOf([]string{"a", "b"}))
}
