package standin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

const (
	gkeCluster = "gcp:container/cluster:Cluster"
	eksCluster = "aws:eks/cluster:Cluster"
	aksCluster = "azure-native:containerservice/v20240901:ManagedCluster"
	aksPool    = "azure-native:containerservice/v20240901:AgentPool"
)

type inputs = map[string]any

// whileSold is a day on which every cloud sold 1.33, 1.34 and 1.35.
var whileSold = time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC)

func rulesOf(t *testing.T, token string) standin.Rules {
	t.Helper()
	for _, cloud := range clouds() {
		if rules, found := cloud.Rules[token]; found {
			return rules
		}
	}
	require.Fail(t, "there are no rules for "+token)
	return standin.Rules{}
}

// These are faults that a first run on a cloud would have met, each in the cloud's own words.
func TestACloudRefusesAVersionThatItDoesNotSell(t *testing.T) {
	for token, c := range map[string]struct{ path, unsold, skipped string }{
		gkeCluster: {
			"minMasterVersion", `No valid versions with the prefix "1.33" found.`, "more than a minor version at a time",
		},
		eksCluster: {
			"version", "unsupported Kubernetes version 1.33", "Unsupported Kubernetes minor version update from 1.33 to 1.35",
		},
		aksCluster: {
			"kubernetesVersion", "K8sVersionNotSupported: Managed cluster is on version 1.33",
			"Upgrading Kubernetes version 1.33 to 1.35 is not allowed",
		},
	} {
		t.Run(token, func(t *testing.T) {
			ask := func(former, version string, day time.Time) string {
				request := standin.Request{Inputs: inputs{c.path: version}, Today: day}
				if former != "" {
					request.Former = inputs{c.path: former}
				}
				return strings.Join(rulesOf(t, token).Broken(request), "\n")
			}
			assert.Contains(t, ask("", "1.33", support.Taken), c.unsold, "it is out of support")
			assert.Empty(t, ask("", "1.33", whileSold), "the control: it was not in June")
			assert.Empty(t, ask("", "1.35", support.Taken), "the control: what the tracked stacks ask for")
			assert.Empty(t, ask("1.33", "1.33", support.Taken), "a cluster that has it may keep it")
			assert.Contains(t, ask("1.33", "1.35", support.Taken), c.skipped)
			assert.Empty(t, ask("1.33", "1.34", whileSold), "one step")
			assert.Empty(t, ask("1.34", "1.35", support.Taken), "and the next")
			assert.NotEmpty(t, ask("1.35", "1.34", whileSold), "never down")
		})
	}
}

func TestACloudRefusesWhatItsReferenceForbids(t *testing.T) {
	long := func(length int) string { return strings.Repeat("a", length) }
	for reason, c := range map[string]struct {
		token          string
		allowed, wrong inputs
		want           string
	}{
		"a GKE cluster's name of 41 characters": {
			gkeCluster, inputs{"name": long(40)}, inputs{"name": long(41)}, "name:",
		},
		"a channel that GKE has not": {
			gkeCluster, inputs{"releaseChannel": inputs{"channel": "REGULAR"}},
			inputs{"releaseChannel": inputs{"channel": "regular"}}, `releaseChannel.channel: "regular" is none of`,
		},
		"a GKE pool with its bounds the wrong way round": {
			"gcp:container/nodePool:NodePool",
			inputs{"autoscaling": inputs{"totalMinNodeCount": 3, "totalMaxNodeCount": 3}},
			inputs{"autoscaling": inputs{"totalMinNodeCount": 4, "totalMaxNodeCount": 3}}, "is greater than 3",
		},
		"a service account's ID of 31 characters": {
			"gcp:serviceaccount/account:Account", inputs{"accountId": long(30)}, inputs{"accountId": long(31)}, "accountId:",
		},
		"a service account's ID of 5 characters": {
			"gcp:serviceaccount/account:Account", inputs{"accountId": long(6)}, inputs{"accountId": long(5)}, "accountId:",
		},
		"an EKS cluster's name with a dot": {eksCluster, inputs{"name": "a-b_C"}, inputs{"name": "a.b"}, "name:"},
		"a role's name of 65 characters": {
			"aws:iam/role:Role", inputs{"name": long(64)}, inputs{"name": long(65)}, "name:",
		},
		"a launch template's name of 129 characters": {
			"aws:ec2/launchTemplate:LaunchTemplate", inputs{"name": long(128)}, inputs{"name": long(129)}, "name:",
		},
		"an image repository in capitals": {
			"aws:ecr/repository:Repository", inputs{"name": "dreamseed/auth"}, inputs{"name": "Dreamseed/auth"}, "name:",
		},
		"a key's alias without its prefix": {
			"aws:kms/alias:Alias", inputs{"name": "alias/dreamseed"}, inputs{"name": "dreamseed"}, "name:",
		},
		"a node group without a node as its upper bound": {
			"aws:eks/nodeGroup:NodeGroup", inputs{"scalingConfig": inputs{"minSize": 0, "desiredSize": 0, "maxSize": 1}},
			inputs{"scalingConfig": inputs{"minSize": 0, "desiredSize": 0, "maxSize": 0}}, "scalingConfig.maxSize: 0 is less",
		},
		"a node group that is smaller than its lower bound": {
			"aws:eks/nodeGroup:NodeGroup", inputs{"scalingConfig": inputs{"minSize": 3, "desiredSize": 3, "maxSize": 9}},
			inputs{"scalingConfig": inputs{"minSize": 4, "desiredSize": 3, "maxSize": 9}}, "minSize: 4 is greater than 3",
		},
		"a node group that is greater than its upper bound": {
			"aws:eks/nodeGroup:NodeGroup", inputs{"scalingConfig": inputs{"minSize": 3, "desiredSize": 9, "maxSize": 9}},
			inputs{"scalingConfig": inputs{"minSize": 3, "desiredSize": 10, "maxSize": 9}}, "desiredSize: 10 is greater",
		},
		"a taint in Kubernetes' own words": {
			"aws:eks/nodeGroup:NodeGroup", inputs{"taints": []any{inputs{"effect": "NO_SCHEDULE"}}},
			inputs{"taints": []any{inputs{"effect": "NoSchedule"}}}, `taints.effect: "NoSchedule" is none of`,
		},
		"an AKS pool's name of 13 characters": {
			aksPool, inputs{"agentPoolName": long(12)}, inputs{"agentPoolName": long(13)}, "agentPoolName:",
		},
		"an AKS pool without a node as its upper bound": {
			aksPool, inputs{"minCount": 0, "maxCount": 1}, inputs{"minCount": 0, "maxCount": 0}, "maxCount: 0 is less than 1",
		},
		"a vault's name of 25 characters": {
			"azure-native:keyvault/v20241101:Vault", inputs{"vaultName": long(24)}, inputs{"vaultName": long(25)}, "vaultName:",
		},
		"a registry's name of 51 characters": {
			"azure-native:containerregistry/v20230701:Registry", inputs{"registryName": long(50)},
			inputs{"registryName": long(51)}, "registryName:",
		},
		"a registry's name with a hyphen": {
			"azure-native:containerregistry/v20230701:Registry", inputs{"registryName": "dreamseed"},
			inputs{"registryName": "dream-seed"}, "registryName:",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			rules := rulesOf(t, c.token)
			assert.Empty(t, rules.Broken(standin.Request{Inputs: c.allowed, Today: support.Taken}), "the control")
			answers := rules.Broken(standin.Request{Inputs: c.wrong, Today: support.Taken})
			require.Len(t, answers, 1)
			assert.Contains(t, answers[0], c.want)
		})
	}
}

func TestACloudRefusesANameThatIsTaken(t *testing.T) {
	google := map[string]string{"project": "milky", "region": "europe-west4"}
	amazon := map[string]string{"region": "eu-central-1"}
	azure := map[string]string{"subscriptionId": "one", "location": "westeurope"}
	for reason, c := range map[string]struct {
		cloud  standin.Cloud
		config map[string]string
		token  string
		inputs inputs
		want   string
	}{
		"a key ring": {
			gcp.Cloud(), google, "gcp:kms/keyRing:KeyRing", inputs{"name": "dreamseed", "location": "europe-west4"},
			"KeyRing projects/milky/locations/europe-west4/keyRings/dreamseed already exists",
		},
		"a service account": {
			gcp.Cloud(), google, "gcp:serviceaccount/account:Account", inputs{"accountId": "dreamseed"}, "already exists",
		},
		"the log group of a cluster": {
			aws.Cloud(), amazon, "aws:cloudwatch/logGroup:LogGroup", inputs{"name": "/aws/eks/dreamseed/cluster"},
			"ResourceAlreadyExistsException: The specified log group already exists: /aws/eks/dreamseed/cluster",
		},
		"a role": {
			aws.Cloud(), amazon, "aws:iam/role:Role", inputs{"name": "dreamseed", "assumeRolePolicy": "{}"},
			"EntityAlreadyExists: Role with name dreamseed already exists.",
		},
		"a key's alias": {
			aws.Cloud(), amazon, "aws:kms/alias:Alias", inputs{"name": "alias/dreamseed", "targetKeyId": "one"},
			"AlreadyExistsException",
		},
		"an image repository": {
			aws.Cloud(), amazon, "aws:ecr/repository:Repository", inputs{"name": "dreamseed/auth"},
			"RepositoryAlreadyExistsException",
		},
		"a vault": {
			azurenative.Cloud(), azure, "azure-native:keyvault/v20241101:Vault", inputs{
				"vaultName": "dreamseed", "resourceGroupName": "one",
				"properties": inputs{"tenantId": "one", "sku": inputs{"family": "A", "name": "standard"}},
			},
			"VaultAlreadyExists: The vault name 'dreamseed' is already in use",
		},
		"a resource group": {
			azurenative.Cloud(), azure, "azure-native:resources/v20241101:ResourceGroup",
			inputs{"resourceGroupName": "dreamseed"},
			"cannot create already existing resource '/subscriptions/one/resourceGroups",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			memory := standin.NewMemory()
			_, _, err := c.cloud.Create(c.token, c.inputs, c.config, standin.APIServer{}, memory)
			require.NoError(t, err)
			_, _, err = c.cloud.Create(c.token, c.inputs, c.config, standin.APIServer{}, memory)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestSomeNamesOutliveTheirOwners(t *testing.T) {
	for token, c := range map[string]struct {
		name string
		want bool
	}{
		"gcp:kms/keyRing:KeyRing":               {"any", true},
		"gcp:kms/cryptoKey:CryptoKey":           {"any", true},
		"azure-native:keyvault/v20241101:Vault": {"any", true},
		"aws:cloudwatch/logGroup:LogGroup":      {"/aws/eks/dreamseed/cluster", true},
	} {
		outlives := rulesOf(t, token).Name.Outlives
		require.NotNil(t, outlives, token)
		assert.Equal(t, c.want, outlives(c.name), token)
	}
	assert.False(t, rulesOf(t, "aws:cloudwatch/logGroup:LogGroup").Name.Outlives("/dreamseed"), "EKS writes no such group")
	assert.Nil(t, rulesOf(t, "aws:iam/role:Role").Name.Outlives, "a role's name is free at once")
}

func TestNodesAreNotNewerThanTheirControlPlane(t *testing.T) {
	for reason, c := range map[string]struct {
		cloud       standin.Cloud
		config      map[string]string
		plane, pool string
		cluster     inputs
		nodes       func(version string) inputs
		want        string
	}{
		"EKS": {
			aws.Cloud(), map[string]string{"region": "eu-central-1"}, eksCluster, "aws:eks/nodeGroup:NodeGroup",
			inputs{"name": "one", "version": "1.34", "roleArn": "one", "vpcConfig": inputs{"subnetIds": []any{"one"}}},
			func(version string) inputs {
				return inputs{
					"clusterName": "one", "nodeGroupName": "pool-" + version[2:], "version": version, "nodeRoleArn": "one",
					"subnetIds": []any{"one"}, "scalingConfig": inputs{"minSize": 1, "desiredSize": 1, "maxSize": 1},
				}
			},
			"node group version 1.35 is newer than cluster version 1.34",
		},
		"AKS": {
			azurenative.Cloud(), map[string]string{"subscriptionId": "one"}, aksCluster, aksPool,
			inputs{
				"resourceName": "one", "resourceGroupName": "one", "kubernetesVersion": "1.34", "location": "one",
				"dnsPrefix": "one", "agentPoolProfiles": []any{inputs{"name": "system"}},
			},
			func(version string) inputs {
				return inputs{
					"resourceName": "one", "resourceGroupName": "one", "agentPoolName": "pool" + version[2:],
					"orchestratorVersion": version,
				}
			},
			"NodePoolMcVersionIncompatible: Node pool version 1.35 and control plane version 1.34",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			memory := standin.NewMemory()
			_, _, err := c.cloud.Create(c.plane, c.cluster, c.config, standin.APIServer{}, memory)
			require.NoError(t, err)
			for _, version := range []string{"1.33", "1.34"} {
				_, _, err = c.cloud.Create(c.pool, c.nodes(version), c.config, standin.APIServer{}, memory)
				require.NoError(t, err, version)
			}
			_, _, err = c.cloud.Create(c.pool, c.nodes("1.35"), c.config, standin.APIServer{}, memory)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestTheIngressAddressesAreHeldByTheirLoadBalancers(t *testing.T) {
	for token, annotation := range map[string]string{
		"gcp:compute/address:Address":                    "networking.gke.io/load-balancer-ip-addresses",
		"aws:ec2/eip:Eip":                                "service.beta.kubernetes.io/aws-load-balancer-eip-allocations",
		"azure-native:network/v20240501:PublicIPAddress": "service.beta.kubernetes.io/azure-pip-name",
	} {
		require.NotNil(t, rulesOf(t, token).Hold, token)
		assert.Equal(t, annotation, rulesOf(t, token).Hold.Annotation, token)
	}
}
