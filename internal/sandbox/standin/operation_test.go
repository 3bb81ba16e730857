package standin

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	milky  = map[string]string{"project": "milky", "region": "north"}
	server = APIServer{URL: "https://127.0.0.1:6443", Authority: "QQ=="}
)

func TestACreationAnswersWithWhatWasAskedForAndWhatTheCloudFillsIn(t *testing.T) {
	inputs := star(map[string]any{"auth": map[string]any{"user": "me"}, "size": 30000000})
	id, outputs, err := sky().Create(skyCluster, inputs, milky, server, NewMemory())
	require.NoError(t, err)
	assert.Regexp(t, `^milky/north/star/[a-z2-7]{17}$`, id)
	want := maps.Clone(inputs)
	want["region"] = "north"
	want["endpoint"] = "https://127.0.0.1:6443"
	want["auth"] = map[string]any{"user": "me", "authority": "QQ==", "password": "planted-password"}
	want["link"] = "https://sky.example/milky/north/star"
	want["path"] = "/" + id
	want["capacity"] = "30000000 stars"
	assert.Equal(t, want, outputs)
}

func TestAReplacementHasAnotherID(t *testing.T) {
	first, _, err := sky().Create(skyCluster, star(nil), milky, server, NewMemory())
	require.NoError(t, err)
	second, _, err := sky().Create(skyCluster, star(nil), milky, server, NewMemory())
	require.NoError(t, err)
	assert.NotEqual(t, first, second)
}

func TestWhatAResourceSaysOfItselfHoldsBeforeItsProvider(t *testing.T) {
	id, outputs, err := sky().Create(skyCluster, star(map[string]any{"region": "south"}), milky, server, NewMemory())
	require.NoError(t, err)
	assert.Contains(t, id, "milky/south/star/")
	assert.Equal(t, "https://sky.example/milky/south/star", outputs["link"])
	assert.Equal(t, "south", outputs["region"])
}

func TestWhatHoldsForAListHoldsForEachOfItsElements(t *testing.T) {
	taints := []any{map[string]any{"key": "a"}, map[string]any{"key": "b"}}
	_, outputs, err := sky().Create(skyPool, map[string]any{"taints": taints}, milky, server, NewMemory())
	require.NoError(t, err)
	assert.Equal(t, []any{
		map[string]any{"key": "a", "origin": "sky"}, map[string]any{"key": "b", "origin": "sky"},
	}, outputs["taints"])
}

func TestWhatIsNotInTheTableIsRefused(t *testing.T) {
	taint := func(entries ...map[string]any) map[string]any {
		list := []any{}
		for _, entry := range entries {
			list = append(list, entry)
		}
		return map[string]any{"taints": list}
	}
	for reason, c := range map[string]struct {
		token  string
		inputs map[string]any
		want   []string
	}{
		"an unknown type": {
			"sky:index:Clustre", nil,
			[]string{"the stand-in for sky does not know the resource type sky:index:Clustre", skyCluster, skyPool},
		},
		"a misspelt property": {
			skyCluster, star(map[string]any{"descriptionn": "x"}),
			[]string{"descriptionn is not known to the stand-in; known are auth, description, name, network, protected"},
		},
		"a misspelt property in an object": {
			skyCluster, star(map[string]any{"network": map[string]any{"subnet": "low", "pubic": true}}),
			[]string{"network.pubic is not known to the stand-in; known are network.public, network.subnet"},
		},
		"a misspelt property in a list": {
			skyPool, taint(map[string]any{"key": "a"}, map[string]any{"key": "b", "valeu": "c"}),
			[]string{"taints[1].valeu is not known to the stand-in; known are taints.key, taints.value"},
		},
		"a misspelt parent": {
			skyCluster, star(map[string]any{"networkk": map[string]any{"subnet": "low"}}),
			[]string{"networkk.subnet is not known to the stand-in; known are auth, description"},
		},
		"a key with a dot that reads like a path": {
			skyCluster, star(map[string]any{"network.public": true}),
			[]string{`["network.public"] is not known to the stand-in`},
		},
		"a value where an object belongs": {
			skyCluster, star(map[string]any{"auth": "me"}),
			[]string{"auth is not known to the stand-in; known are auth.user"},
		},
		"an object where a value belongs": {
			skyCluster, star(map[string]any{"name": map[string]any{"x": "y"}}),
			[]string{"name.x is not known to the stand-in"},
		},
		"an output given as an input": {
			skyCluster, star(map[string]any{"endpoint": "x"}),
			[]string{"endpoint is not known to the stand-in"},
		},
		"a missing property": {
			skyCluster, star(map[string]any{"name": nil}), []string{"name is required and missing"},
		},
		"a missing property of a missing object": {
			skyCluster, star(map[string]any{"network": nil}), []string{"network.subnet is required and missing"},
		},
		"a missing property in a list": {
			skyPool, taint(map[string]any{"key": "a"}, map[string]any{"value": "b"}),
			[]string{"taints[1].key is required and missing"},
		},
		"everything at once": {
			skyCluster, map[string]any{"namee": "x", "network": map[string]any{"pubic": true}},
			[]string{"namee is", "network.pubic is", "name is required", "network.subnet is required"},
		},
	} {
		t.Run(reason, func(t *testing.T) {
			_, _, err := sky().Create(c.token, c.inputs, milky, server, NewMemory())
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestWhatIsInTheTableIsAccepted(t *testing.T) {
	taints := []any{map[string]any{"key": "a"}}
	for reason, inputs := range map[string]map[string]any{
		"an object with any keys":  {"taints": taints, "labels": map[string]any{"sky.example/pool": "a", "b": "c"}},
		"an object without keys":   {"taints": taints, "labels": map[string]any{}},
		"a list without elements":  {"taints": []any{}},
		"a list of plain values":   {"taints": taints, "zones": []any{"a", "b"}},
		"a list not known yet":     {"taints": unknown},
		"an element not known yet": {"taints": []any{unknown}},
	} {
		t.Run(reason, func(t *testing.T) {
			_, _, err := sky().Create(skyPool, inputs, milky, server, NewMemory())
			assert.NoError(t, err)
		})
	}
}

func TestATemplateWithoutItsValueIsAnError(t *testing.T) {
	_, _, err := sky().Create(skyCluster, star(map[string]any{"size": nil}), nil, server, NewMemory())
	require.ErrorContains(t, err, "there is no {project}")
	require.ErrorContains(t, err, "there is no {region}")
	_, _, err = sky().Create(skyCluster, star(map[string]any{"size": nil}), milky, server, NewMemory())
	require.ErrorContains(t, err, "filling in capacity: there is no {size}")
}

func TestATemplateInsideOfAnOutputIsNoExcuse(t *testing.T) {
	cloud := sky()
	cloud.Resources[skyPool].Outputs["links"] = func(i Instance) any {
		return []any{map[string]any{"link": Text("{namee}")(i)}}
	}
	_, _, err := cloud.Create(skyPool, map[string]any{"taints": []any{}}, milky, server, NewMemory())
	require.ErrorContains(t, err, "filling in links: there is no {namee}")
}

func TestATemplateOfWhatIsNotKnownYetIsNotKnown(t *testing.T) {
	instance := Instance{Config: milky, Inputs: map[string]any{"network": unknown, "name": "star"}}
	assert.True(t, property(Text("{name}/{network.subnet}")(instance)).IsComputed())
	assert.False(t, property(Text("{name}")(instance)).IsComputed())
}

func TestAFunctionAnswers(t *testing.T) {
	result, err := sky().Call("sky:index:getProject", map[string]any{"name": "milky"}, milky, server)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"number": "milky-1", "token": "planted-token"}, result)
}

func TestAFunctionThatIsNotInTheTableIsRefused(t *testing.T) {
	_, err := sky().Call("sky:index:getProjects", nil, milky, server)
	require.ErrorContains(t, err, "does not know the function sky:index:getProjects; known are sky:index:getProject")
	_, err = sky().Call("sky:index:getProject", map[string]any{"namee": "a", "nubmer": 1}, milky, server)
	require.ErrorContains(t, err, "namee is not known to the stand-in; known are name")
	require.ErrorContains(t, err, "nubmer is not known to the stand-in")
}

func TestASettingThatIsNotInTheTableIsRefused(t *testing.T) {
	config, err := sky().Configure(map[string]any{"project": "milky"})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"project": "milky"}, config)
	_, err = sky().Configure(map[string]any{"projcet": "milky", "regoin": "north"})
	require.ErrorContains(t, err, "projcet is not known to the stand-in; known are project, region")
	require.ErrorContains(t, err, "regoin is not known to the stand-in")
}
