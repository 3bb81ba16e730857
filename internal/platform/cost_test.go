package platform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
	"github.com/dreamseed/platform/monitoring/logging"
)

// Why a type of resource is on no part of the bill.
const (
	byUse cost.Part = "billed by its use"
	free  cost.Part = "free"
)

// billed says for each type of resource of a cloud on which part of the bill it is. A resource of a new type has to be
// priced, or to say why it is not.
var billed = map[string]cost.Part{
	"aws:cloudwatch/logGroup:LogGroup":                                     byUse,
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":                    free,
	"aws:ec2/eip:Eip":                                                      cost.Addresses,
	"aws:ec2/internetGateway:InternetGateway":                              cost.Egress,
	"aws:ec2/launchTemplate:LaunchTemplate":                                cost.BootDisks,
	"aws:ec2/natGateway:NatGateway":                                        cost.NAT,
	"aws:ec2/routeTable:RouteTable":                                        free,
	"aws:ec2/routeTableAssociation:RouteTableAssociation":                  free,
	"aws:ec2/subnet:Subnet":                                                free,
	"aws:ec2/vpc:Vpc":                                                      free,
	"aws:ecr/lifecyclePolicy:LifecyclePolicy":                              free,
	"aws:ecr/repository:Repository":                                        byUse,
	"aws:eks/accessEntry:AccessEntry":                                      free,
	"aws:eks/accessPolicyAssociation:AccessPolicyAssociation":              free,
	"aws:eks/addon:Addon":                                                  free,
	"aws:eks/cluster:Cluster":                                              cost.ControlPlane,
	"aws:eks/nodeGroup:NodeGroup":                                          cost.OnDemand,
	"aws:eks/podIdentityAssociation:PodIdentityAssociation":                free,
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":                  free,
	"aws:iam/role:Role":                                                    free,
	"aws:iam/rolePolicy:RolePolicy":                                        free,
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                    free,
	"aws:kms/alias:Alias":                                                  free,
	"aws:kms/key:Key":                                                      cost.Keys,
	"aws:route53/record:Record":                                            byUse,
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": free,
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":               free,
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": free,
	"aws:s3/bucketV2:BucketV2":                                           byUse,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                       free,
	"azure-native:authorization/v20200501:ManagementLockByScope":         free,
	"azure-native:authorization/v20220401:RoleAssignment":                free,
	"azure-native:compute/v20240302:DiskEncryptionSet":                   free,
	"azure-native:containerregistry/v20230701:Registry":                  cost.Registry,
	"azure-native:containerservice/v20240901:AgentPool":                  cost.OnDemand,
	"azure-native:containerservice/v20240901:MaintenanceConfiguration":   free,
	"azure-native:containerservice/v20240901:ManagedCluster":             cost.ControlPlane,
	"azure-native:keyvault/v20241101:Key":                                byUse,
	"azure-native:keyvault/v20241101:Vault":                              byUse,
	"azure-native:managedidentity/v20230131:FederatedIdentityCredential": free,
	"azure-native:managedidentity/v20230131:UserAssignedIdentity":        free,
	"azure-native:network/v20180501:RecordSet":                           byUse,
	"azure-native:network/v20240501:NatGateway":                          cost.NAT,
	"azure-native:network/v20240501:PublicIPAddress":                     cost.Addresses,
	"azure-native:network/v20240501:Subnet":                              free,
	"azure-native:network/v20240501:VirtualNetwork":                      free,
	"azure-native:resources/v20241101:ResourceGroup":                     free,
	"azure-native:storage/v20230501:BlobContainer":                       free,
	"azure-native:storage/v20230501:BlobServiceProperties":               free,
	"azure-native:storage/v20230501:ManagementPolicy":                    free,
	"azure-native:storage/v20230501:StorageAccount":                      byUse,
	"gcp:artifactregistry/repository:Repository":                         byUse,
	"gcp:artifactregistry/repositoryIamMember:RepositoryIamMember":       free,
	"gcp:compute/address:Address":                                        free, // while a load balancer uses it
	"gcp:compute/globalAddress:GlobalAddress":                            free, // a range of private addresses
	"gcp:compute/network:Network":                                        free,
	"gcp:compute/router:Router":                                          free,
	"gcp:compute/routerNat:RouterNat":                                    cost.NAT,
	"gcp:compute/subnetwork:Subnetwork":                                  byUse, // the logs of its flows
	"gcp:container/cluster:Cluster":                                      cost.ControlPlane,
	"gcp:container/nodePool:NodePool":                                    cost.OnDemand,
	"gcp:dns/recordSet:RecordSet":                                        byUse,
	"gcp:kms/cryptoKey:CryptoKey":                                        cost.Keys,
	"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember":                      free,
	"gcp:kms/keyRing:KeyRing":                                            free,
	"gcp:projects/iAMMember:IAMMember":                                   free,
	"gcp:serviceaccount/account:Account":                                 free,
	"gcp:serviceaccount/iAMMember:IAMMember":                             free,
	"gcp:servicenetworking/connection:Connection":                        free,
	"gcp:sql/databaseInstance:DatabaseInstance":                          cost.Databases,
	"gcp:storage/bucket:Bucket":                                          byUse,
	"gcp:storage/bucketIAMMember:BucketIAMMember":                        free,
}

// ofACloud reports whether a resource is one that a cloud may bill.
func ofACloud(one *mocktest.Resource) bool {
	cloud, _, _ := strings.Cut(one.Type, ":")
	return cloud == "gcp" || cloud == "aws" || cloud == "azure-native"
}

func TestEveryResourceOfACloudIsOnTheBillOrSaysWhyNot(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		found := 0
		for _, one := range built.Resources {
			if ofACloud(one) {
				found++
				assert.NotEmpty(t, billed[one.Type], one.Type)
			}
		}
		assert.Equal(t, cfg.Cluster.Cloud.Managed(), found > 0)
	})
}

// counted are the parts whose things the program creates one by one. Those of other parts follow from nodes or sizes.
var counted = map[cluster.Cloud][]cost.Part{
	cluster.GKE: {cost.ControlPlane, cost.Keys},
	cluster.EKS: {cost.ControlPlane, cost.Keys, cost.NAT, cost.Addresses},
	cluster.AKS: {cost.ControlPlane, cost.Registry, cost.NAT, cost.Addresses},
}

// With a price of 1 a month, a part costs as much as the stack has of it. An address of the NAT is on the part of the
// NAT, so both parts are counted together.
func TestTheBillCountsWhatTheProgramCreates(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		parts := counted[cfg.Cluster.Cloud]
		created, charged := 0.0, 0.0
		for _, one := range built.Resources {
			if ofACloud(one) && slices.Contains(parts, billed[one.Type]) {
				created++
			}
		}
		for _, part := range cost.Of(cfg, oneDollar(t, cfg)).Parts {
			if slices.Contains(parts, part.Part) {
				charged += part.Cost.Expected
			}
		}
		assert.InDelta(t, created, charged, 0)
		assert.Equal(t, cfg.Cluster.Cloud.Managed(), created > 1)
	})
}

// oneDollar returns a table in which everything that the stack needs costs 1 a month.
func oneDollar(t *testing.T, cfg *config.Config) *cost.Table {
	t.Helper()
	nothing, err := cost.Load(fstest.MapFS{})
	require.NoError(t, err)
	content := "sources: {test: {from: here, date: 2026-01-01}}\nprices:\n"
	for _, missing := range cost.Of(cfg, nothing).Missing {
		what, spot := strings.CutSuffix(strings.TrimSuffix(missing, " in "+cfg.Cluster.Region), " on spot capacity")
		content += fmt.Sprintf("  - {region: \"*\", what: %q, spot: %t, unit: month, usd: 1, source: test}\n", what, spot)
	}
	table, err := cost.Load(fstest.MapFS{string(cfg.Cluster.Cloud) + ".yaml": {Data: []byte(content)}})
	require.NoError(t, err)
	return table
}

func TestTheVolumesOfTheBillAreThoseThatAreClaimed(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		var claimed []resource.Quantity
		for _, claim := range built.Each(t, "kubernetes:core/v1:PersistentVolumeClaim") {
			claimed = append(claimed, resource.MustParse(claim.At("spec", "resources", "requests", "storage").(string)))
		}
		for _, store := range elasticsearches(t, cfg, built) {
			sets, _ := store.At("spec", "nodeSets").([]any)
			for _, set := range sets {
				size := mocktest.At(set, "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage").(string)
				claimed = append(claimed, slices.Repeat([]resource.Quantity{resource.MustParse(size)},
					mocktest.At(set, "count").(int))...)
			}
		}
		claimed = append(claimed, claimedByOperators(t, cfg, built)...)
		var counted []resource.Quantity
		for _, size := range cfg.Volumes() {
			counted = append(counted, resource.MustParse(size.String()))
		}
		assert.ElementsMatch(t, claimed, counted)
	})
}

// claimedByOperators returns the volumes that CloudNativePG and Strimzi claim.
func claimedByOperators(t *testing.T, cfg *config.Config, built *mocktest.Recording) []resource.Quantity {
	t.Helper()
	var claimed []resource.Quantity
	add := func(size string, times int) {
		claimed = append(claimed, slices.Repeat([]resource.Quantity{resource.MustParse(size)}, times)...)
	}
	if cfg.Data.Postgres.Mode == store.InCluster {
		for _, one := range built.Each(t, "kubernetes:postgresql.cnpg.io/v1:Cluster") {
			add(one.At("spec", "storage", "size").(string), one.At("spec", "instances").(int))
		}
	}
	if cfg.Data.Kafka.Mode == store.InCluster {
		for _, one := range built.Each(t, "kubernetes:kafka.strimzi.io/v1:KafkaNodePool") {
			add(one.At("spec", "storage", "size").(string), one.At("spec", "replicas").(int))
		}
	}
	return claimed
}

// elasticsearches returns the resources of Elasticsearch: one where it is the store of the logs, and none elsewhere.
func elasticsearches(t *testing.T, cfg *config.Config, built *mocktest.Recording) []*mocktest.Resource {
	t.Helper()
	if cfg.Logs.Store != logging.Elastic {
		return nil
	}
	return built.Each(t, "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch")
}

func TestTheStackSaysWhatItCosts(t *testing.T) {
	built := build(t, stackConfig(t, "production"))
	assert.Equal(t, map[string]any{
		"minimum": 1174.02, "expected": 1425.05, "maximum": 4702.35, "currency": "USD", "lowerBound": false,
		"missing": []any{}, "budget": 5000,
	}, built.Outputs["cost"])
}

func TestAStackAboveItsBudgetRegistersNothing(t *testing.T) {
	cfg := stackConfig(t, "production")
	cfg.Cost.Budget = 1000
	built, err := mocktest.Try(func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) })
	var problem invalid.Problem
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, "cost.budget", problem.Key)
	assert.Equal(t, 1000, problem.Value)
	assert.Empty(t, built.Resources)
}

// warnings collect what the program warns of.
type warnings struct {
	pulumi.Log
	said []string
}

func (w *warnings) Warn(message string, _ *pulumi.LogArgs) error {
	w.said = append(w.said, message)
	return nil
}

func TestAStackThatMayExceedItsBudgetIsBuiltWithAWarning(t *testing.T) {
	for budget, want := range map[int][]string{
		2000: {"At its maximum the stack costs 4,702.35 USD a month, above its budget of 2,000.00 USD " +
			"(dreamseed:cost.budget)."},
		5000: nil,
	} {
		cfg := stackConfig(t, "production")
		cfg.Cost.Budget = budget
		heard := &warnings{}
		built := mocktest.Run(t, func(ctx *pulumi.Context) error {
			heard.Log, ctx.Log = ctx.Log, heard
			return platform.Build(ctx, cfg, clouds())
		}, gcp.Cloud())
		assert.NotEmpty(t, built.Resources)
		assert.Equal(t, want, heard.said)
	}
}
