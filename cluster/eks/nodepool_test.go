package eks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

const templateType = "aws:ec2/launchTemplate:LaunchTemplate"

// subnetsOf returns the Refs of a group's subnets.
func subnetsOf(group *mocktest.Resource) []string {
	return slices.DeleteFunc(slices.Clone(group.Dependencies), func(ref string) bool {
		return !strings.HasPrefix(ref, "aws:ec2/subnet:Subnet::")
	})
}

// A group across several zones cannot add a node in a zone of the autoscaler's choice.
func TestAPoolIsAGroupOfNodesInEachZone(t *testing.T) {
	spec := production()
	built, _ := build(t, spec)
	for _, pool := range spec.NodePools {
		for place, zone := range spec.Zones {
			group := built.Get(t, poolType, "cluster-pool-"+pool.Name+"-"+zone)
			assert.Equal(t, spec.NamePoolIn(zone, pool), group.At("nodeGroupName"))
			assert.Equal(t, []string{fmt.Sprintf("aws:ec2/subnet:Subnet::cluster-private-%d", place)}, subnetsOf(group),
				"it stands in its own zone and in no other")
			assert.Equal(t, pool.Name, group.At("labels", "dreamseed.ai/pool"), "it is the pool's all the same")
			group.AssertDependsOn(t, mocktest.Ref(templateType, "cluster-template-"+pool.Name+"-"+zone))
		}
	}
	assert.Len(t, built.OfType(poolType), len(spec.NodePools)*len(spec.Zones))
}

func TestTheGroupsShareTheBoundsOfTheirPool(t *testing.T) {
	spec := production()
	spec.NodePools[0].MinNodes, spec.NodePools[0].MaxNodes = 4, 10
	spec.NodePools[1].MinNodes, spec.NodePools[1].MaxNodes = 0, 2
	built, _ := build(t, spec)
	scaling := map[string]any{}
	for _, group := range built.Each(t, poolType) {
		scaling[group.Name] = group.At("scalingConfig")
	}
	assert.Equal(t, map[string]any{
		"cluster-pool-on-demand-eu-central-1a": map[string]any{"minSize": 2, "maxSize": 4, "desiredSize": 2},
		"cluster-pool-on-demand-eu-central-1b": map[string]any{"minSize": 1, "maxSize": 3, "desiredSize": 1},
		"cluster-pool-on-demand-eu-central-1c": map[string]any{"minSize": 1, "maxSize": 3, "desiredSize": 1},
		"cluster-pool-spot-eu-central-1a":      map[string]any{"minSize": 0, "maxSize": 1, "desiredSize": 0},
		"cluster-pool-spot-eu-central-1b":      map[string]any{"minSize": 0, "maxSize": 1, "desiredSize": 0},
	}, scaling, "EKS takes no group without room for a node: the spot pool has none in the last zone")
}

func TestAPoolThatIsSwitchedOffIsLeftOut(t *testing.T) {
	spec := production()
	spec.NodePools[1].MinNodes, spec.NodePools[1].MaxNodes = 0, 0
	built, _ := build(t, spec)
	groups := built.OfType(poolType)
	require.NotEmpty(t, groups)
	for _, group := range groups {
		assert.Equal(t, "on-demand", group.At("labels", "dreamseed.ai/pool"))
	}
}

// The resources of the existing zones are neither renamed nor replaced; only their bounds change.
func TestAZoneIsAddedBesideTheOthers(t *testing.T) {
	two, three := production(), production()
	two.Zones = two.Zones[:2]
	before, _ := build(t, two)
	after, _ := build(t, three)
	was := before.OfType(poolType)
	require.Len(t, was, 4)
	for _, group := range was {
		is := after.Get(t, poolType, group.Name)
		assert.Equal(t, group.At("nodeGroupName"), is.At("nodeGroupName"), group.Name)
		assert.Equal(t, subnetsOf(group), subnetsOf(is), group.Name)
	}
	for _, template := range before.Each(t, templateType) {
		assert.Equal(t, template.At("name"), after.Get(t, templateType, template.Name).At("name"), template.Name)
	}
}

func TestTheCountOfNodesIsLeftToTheAutoscaler(t *testing.T) {
	built, _ := build(t, production())
	groups := built.OfType(poolType)
	require.NotEmpty(t, groups)
	for _, group := range groups {
		assert.Equal(t, []string{"scalingConfig.desiredSize"}, group.IgnoreChanges, group.Name)
		assert.Equal(t, "1.35", group.At("version"))
		assert.Equal(t, true, group.At("nodeRepairConfig", "enabled"))
	}
}

// The autoscaler adds no node to an empty group for a pod that requests a resource which the group may not have.
func TestAnEmptyGroupSaysWhatItsNodesWouldHave(t *testing.T) {
	spec := production()
	spec.NodePools[1].DiskGB = 250
	built, _ := build(t, spec)
	for pool, disk := range map[string]string{"on-demand": "100Gi", "spot": "250Gi"} {
		group := built.Get(t, poolType, "cluster-pool-"+pool+"-eu-central-1b")
		assert.Equal(t, disk, group.At("tags", "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"))
		assert.Equal(t, pool, group.At("labels", "dreamseed.ai/capacity"), "the spread of services asks for it")
	}
	policy := built.Get(t, "aws:iam/rolePolicy:RolePolicy", "cluster-cluster-autoscaler-policy")
	assert.Contains(t, statements(t, policy.At("policy"))[0]["Action"], "eks:DescribeNodegroup",
		"that is how it learns of labels, taints and tags")
}

func TestSpotNodesCarryWhatTheClusterTellsWorkloads(t *testing.T) {
	built, told := build(t, production())
	spot := built.Get(t, poolType, "cluster-pool-spot-eu-central-1a")
	assert.Equal(t, "SPOT", spot.At("capacityType"))
	assert.Equal(t, []any{"m7i.2xlarge", "m6i.2xlarge"}, spot.At("instanceTypes"))
	assert.Equal(t, told.Spot.Value, spot.At("labels", told.Spot.Key))
	assert.Equal(t, []any{map[string]any{"key": told.Spot.Key, "value": told.Spot.Value, "effect": "NO_SCHEDULE"}},
		spot.At("taints"), "what is not meant for spot stays off")

	onDemand := built.Get(t, poolType, "cluster-pool-on-demand-eu-central-1a")
	assert.Equal(t, "ON_DEMAND", onDemand.At("capacityType"))
	assert.NotContains(t, onDemand.At("labels"), told.Spot.Key)
	assert.Empty(t, onDemand.At("taints"))
}

func TestNodesAreHardened(t *testing.T) {
	built, _ := build(t, production())
	for _, template := range built.Each(t, templateType) {
		assert.Equal(t, "required", template.At("metadataOptions", "httpTokens"), "IMDSv2 alone")
		assert.Equal(t, 1, template.At("metadataOptions", "httpPutResponseHopLimit"), "pods are not the node")
		disk := template.At("blockDeviceMappings", 0, "ebs").(map[string]any)
		assert.Equal(t, "gp3", disk["volumeType"])
		assert.Equal(t, "true", disk["encrypted"])
		assert.Equal(t, 100, disk["volumeSize"])
		assert.Contains(t, disk["kmsKeyId"], ":key/")
	}
	var managed []any
	for _, attachment := range built.Each(t, "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
		if strings.HasPrefix(attachment.Name, "cluster-nodes-") {
			managed = append(managed, attachment.At("policyArn"))
		}
	}
	assert.Equal(t, []any{
		"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
		"arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
	}, managed, "and nothing that its pods could use")
}
