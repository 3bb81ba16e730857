package services

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/kube"
)

func TestForeignKeyInASelectorIsADifference(t *testing.T) {
	ours := selector("auth-service")
	assert.Empty(t, takenBack(Live{}, ours), "nothing is known of it")
	assert.Empty(t, takenBack(Live{Selector: Selector("auth-service")}, ours), "nobody added anything")

	added := Live{Selector: map[string]string{kube.NameLabel: "auth-service", "none": "such"}}
	first := takenBack(added, ours)
	require.NotEmpty(t, first)
	assert.Equal(t, first, takenBack(added, ours), "a preview and its update say the same")

	added.Annotations = map[string]string{takenBackKey: string(first[takenBackKey].(pulumi.String))}
	again := takenBack(added, ours)
	assert.NotEmpty(t, again)
	assert.NotEqual(t, first, again, "the same key once more")
}

func TestVersionOfArgoRolloutsIsForeignButWhereItSelectsOne(t *testing.T) {
	live := Live{Selector: map[string]string{kube.NameLabel: "auth-service", versionKey: "96764854f"}}

	assert.NotEmpty(t, takenBack(live, selector("auth-service")), "of a Deployment")
	assert.Empty(t, takenBack(live.withoutVersion(), selector("auth-service")), "of blueGreen")
	assert.Contains(t, live.Selector, versionKey, "what was asked is left as it is")
}

func TestSelectsAlone(t *testing.T) {
	cases := map[string]struct {
		selector map[string]string
		want     bool
		reason   string
	}{
		"unknown":     {nil, true, "there is nothing to take back"},
		"ours":        {Selector("auth-service"), true, ""},
		"other pods":  {Selector("payment-service"), false, "it leads elsewhere"},
		"further key": {map[string]string{kube.NameLabel: "auth-service", "none": "such"}, false, "it leads nowhere"},
		"no name":     {map[string]string{"some": "key"}, false, "it leads elsewhere"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, Live{Selector: tt.selector}.selectsAlone("auth-service"), tt.reason)
		})
	}
}
