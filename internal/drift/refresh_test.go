package drift

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorded are events that the real engine wrote in a refreshing preview of the local stack, with five of its resources
// and without their properties. A binding was deleted, an image and a bound of an autoscaler were changed, and a
// disruption budget lost its number. The plan failed: the API server refused the budget.
func recorded(t *testing.T) []apitype.EngineEvent {
	t.Helper()
	file, err := os.Open("testdata/refresh.jsonl")
	require.NoError(t, err)
	defer func() { _ = file.Close() }()
	var events []apitype.EngineEvent
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var event apitype.EngineEvent
		require.NoError(t, json.Unmarshal(lines.Bytes(), &event))
		events = append(events, event)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, events)
	return events
}

func TestTheRefreshOfTheRealEngineIsRead(t *testing.T) {
	read := readRefresh(&apitype.DeploymentV3{}, recorded(t))

	differences := map[string][]difference{}
	for at, one := range read.paths {
		differences[urn.URN(at).Name()] = one
	}
	assert.Equal(t, map[string][]difference{
		"user-disruption-budget": {{".spec.minAvailable", Removed}},
		"auth-autoscaler":        {{".spec.maxReplicas", Changed}},
		"auth-deployment":        {{".spec.template.spec.containers[0].image", Changed}},
	}, withoutEmpty(differences))
	require.Len(t, read.gone, 1)
	assert.Equal(t, "monitoring-stack-prometheus-pods-of-dreamseed-local-binding", urn.URN(read.gone[0]).Name())
	assert.Len(t, read.seen, 5)
}

func withoutEmpty(all map[string][]difference) map[string][]difference {
	for name, one := range all {
		if len(one) == 0 {
			delete(all, name)
		}
	}
	return all
}

func TestAResourceThatTheRefreshDidNotGetToIsSaid(t *testing.T) {
	made := objectsOf(t, namespaceShop+"\n---\n"+service)
	state := stateOf(made...)

	read := readRefresh(state, everythingRefreshed(state)[:2])

	assert.Equal(t, []string{"kubernetes:core/v1:Service object-1: the refresh did not get to it"}, read.problems)
}

const clusterURN = "urn:pulumi:shop::dreamseed::gcp:container/cluster:Cluster::main"

func TestDriftInTheCloudIsWhatTheRefreshFound(t *testing.T) {
	step := func(op apitype.OpType, paths map[string]apitype.PropertyDiff) apitype.StepEventMetadata {
		return apitype.StepEventMetadata{
			Op: op, URN: clusterURN, DetailedDiff: paths, New: &apitype.StepEventStateMetadata{},
		}
	}
	open := map[string]apitype.PropertyDiff{"masterAuthorizedNetworksConfig.cidrBlocks[1]": {Kind: apitype.DiffAdd}}
	planned := map[string]apitype.PropertyDiff{"resourceLabels.team": {Kind: apitype.DiffAdd}}
	events := []apitype.EngineEvent{
		{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step(apitype.OpRefresh, nil)}},
		{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: step(apitype.OpRefresh, open)}},
		{ResourcePreEvent: &apitype.ResourcePreEvent{Metadata: step(apitype.OpUpdate, planned)}},
		{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: step(apitype.OpUpdate, planned)}},
	}

	report, err := Look(t.Context(), Sources{Stack: "shop", State: &apitype.DeploymentV3{}, Refreshed: events})

	require.NoError(t, err)
	assert.Equal(t, []string{
		"dangerous added gcp:container/cluster:Cluster main .masterAuthorizedNetworksConfig.cidrBlocks[1]",
	}, found(report), "what the checkout's program would change is no drift")
	assert.Equal(t, "pulumi up --refresh --stack shop", report.attention()[0].Remedy)
}

func TestWhatTheEngineAloneSeesOfAnObjectIsFound(t *testing.T) {
	made := objectsOf(t, namespaceShop+"\n---\n"+service)
	state := stateOf(made...)
	events := everythingRefreshed(state)
	events[3].ResOutputsEvent.Metadata.DetailedDiff = map[string]apitype.PropertyDiff{
		"spec.sessionAffinity": {Kind: apitype.DiffUpdate},
	}

	report, err := Look(t.Context(), Sources{
		Stack: "shop", State: state, Refreshed: events, Cluster: &cluster{objects: []map[string]any{
			alive(made[0], untouched, ours()), alive(made[1], untouched, ours()),
		}},
	})

	require.NoError(t, err)
	assert.Equal(t, []string{"suspicious changed Service shop/payment .spec.sessionAffinity"}, found(report))
}
