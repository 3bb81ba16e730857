package eks_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

const (
	clusterType = "aws:eks/cluster:Cluster"
	poolType    = "aws:eks/nodeGroup:NodeGroup"
	addonType   = "aws:eks/addon:Addon"
	roleType    = "aws:iam/role:Role"
)

// production returns a protected cluster without a public endpoint.
func production() *cluster.Spec {
	pool := func(name string, spot bool, types ...string) cluster.NodePool {
		return cluster.NodePool{
			Name: name, Spot: spot, MinNodes: 4, MaxNodes: 10, MachineTypes: types,
			CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi"),
		}
	}
	return &cluster.Spec{
		Cloud: cluster.EKS, Name: "dreamseed-test", Account: "123456789012", Region: "eu-central-1",
		Zones:             []string{"eu-central-1a", "eu-central-1b", "eu-central-1c"},
		KubernetesVersion: "1.35",
		Network:           cluster.Network{Nodes: "10.0.0.0/16", Services: "10.1.0.0/20"},
		API: cluster.APIAccess{
			Administrators:  []string{"arn:aws:iam::123456789012:role/platform"},
			PreviewIdentity: "arn:aws:iam::123456789012:role/preview",
		},
		DNS: cluster.DNS{Host: "learn.dreamseed.ai", Zone: "Z0123456789EXAMPLE"},
		NodePools: []cluster.NodePool{
			pool("on-demand", false, "m7i.2xlarge"), pool("spot", true, "m7i.2xlarge", "m6i.2xlarge"),
		},
		Protect: true,
		Images:  []string{"auth-service", "user-service"},
	}
}

// build builds a cluster, and gives a service account in it an identity.
func build(t *testing.T, spec *cluster.Spec) (*mocktest.Recording, *cluster.Cluster) {
	t.Helper()
	require.NoError(t, spec.Validate())
	var built *cluster.Cluster
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if built, err = eks.New(ctx, "cluster", spec); err != nil {
			return err
		}
		identity, err := built.NewIdentity(ctx, "auth-identity", &cluster.IdentityArgs{
			Namespace: "dreamseed", ServiceAccount: "auth-service",
		})
		if err != nil {
			return err
		}
		ctx.Export("principal", identity.Principal)
		ctx.Export("annotationsOfIngress", built.PublicAddress.ServiceAnnotations)
		ctx.Export("addresses", built.PublicAddress.Addresses)
		return nil
	}, aws.Cloud())
	return recording, built
}

// statements returns the statements of a policy document.
func statements(t *testing.T, document any) []map[string]any {
	t.Helper()
	var policy struct{ Statement []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(document.(string)), &policy))
	return policy.Statement
}

func TestTheProviderTouchesNoOtherAccount(t *testing.T) {
	built, _ := build(t, production())
	account := built.Get(t, "pulumi:providers:aws", "cluster-aws")
	assert.Contains(t, account.At("allowedAccountIds"), "123456789012")
}

func TestTheAPIServerIsPrivateUnlessRangesAreNamed(t *testing.T) {
	private, _ := build(t, production())
	plane := private.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("vpcConfig", "endpointPrivateAccess"))
	assert.Equal(t, false, plane.At("vpcConfig", "endpointPublicAccess"))

	spec := production()
	spec.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	public, _ := build(t, spec)
	plane = public.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("vpcConfig", "endpointPrivateAccess"), "the nodes do not go through the internet")
	assert.Equal(t, true, plane.At("vpcConfig", "endpointPublicAccess"))
	assert.Equal(t, []any{"203.0.113.0/24"}, plane.At("vpcConfig", "publicAccessCidrs"))
}

func TestTheClusterIsHardened(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	for _, key := range built.Each(t, "aws:kms/key:Key") {
		assert.Equal(t, true, key.At("enableKeyRotation"), key.Name)
	}
	assert.Equal(t, "API", plane.At("accessConfig", "authenticationMode"), "no ConfigMap says who comes in")
	assert.Equal(t, false, plane.At("accessConfig", "bootstrapClusterCreatorAdminPermissions"))
	assert.Equal(t, []any{"secrets"}, plane.At("encryptionConfig", "resources"))
	assert.Contains(t, plane.At("encryptionConfig", "provider", "keyArn"), "arn:aws:kms:eu-central-1:123456789012:key/")
	assert.ElementsMatch(t, []any{"api", "audit", "authenticator", "controllerManager", "scheduler"},
		plane.At("enabledClusterLogTypes"))
	assert.Equal(t, "1.35", plane.At("version"))
	plane.AssertDependsOn(t,
		mocktest.Ref("aws:cloudwatch/logGroup:LogGroup", "cluster-logs"),
		mocktest.Ref("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "cluster-control-plane-policy-0"))
	group := built.Get(t, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "cluster-default-group")
	assert.Nil(t, group.At("ingress"))
	assert.Nil(t, group.At("egress"))
}

func TestOnlyAdministratorsComeInAndTheProviderWaitsForThem(t *testing.T) {
	built, _ := build(t, production())
	assert.Len(t, built.OfType("aws:eks/accessEntry:AccessEntry"), 2, "and the preview identity")
	entry := built.Get(t, "aws:eks/accessEntry:AccessEntry", "cluster-administrator-123456789012-platform")
	assert.Equal(t, "arn:aws:iam::123456789012:role/platform", entry.At("principalArn"))
	grant := built.Get(t, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
		"cluster-administrator-123456789012-platform-policy")
	assert.Equal(t, "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", grant.At("policyArn"))
	built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes").AssertDependsOn(t, grant.Ref())
}

func TestThePreviewIdentityComesInWithoutAPolicyOfTheCloud(t *testing.T) {
	spec := production()
	built, told := build(t, spec)
	assert.Equal(t, &cluster.Subject{Kind: cluster.Group, Name: "dreamseed-preview"}, told.Previewer)
	entry := built.Get(t, "aws:eks/accessEntry:AccessEntry", "cluster-previewer")
	assert.Equal(t, spec.API.PreviewIdentity, entry.At("principalArn"))
	assert.Equal(t, []any{"dreamseed-preview"}, entry.At("kubernetesGroups"))
	for _, policy := range built.Each(t, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation") {
		assert.NotEqual(t, spec.API.PreviewIdentity, policy.At("principalArn"), policy.Name)
	}

	spec.API.PreviewIdentity = ""
	built, told = build(t, spec)
	assert.Nil(t, told.Previewer, "nobody is asked for")
	assert.Len(t, built.OfType("aws:eks/accessEntry:AccessEntry"), 1)
}

func TestWhatHoldsDataIsProtected(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := production()
		spec.Protect = protect
		built, _ := build(t, spec)
		for _, one := range []struct{ token, name string }{
			{clusterType, "cluster-cluster"},
			{"aws:kms/key:Key", "cluster-secrets-key"},
			{"aws:kms/key:Key", "cluster-data-key"},
			{"aws:ecr/repository:Repository", "cluster-registry-auth-service"},
			{"aws:ec2/eip:Eip", "cluster-address-0"},
			{"aws:ec2/vpc:Vpc", "cluster-vpc"},
		} {
			assert.Equal(t, protect, built.Get(t, one.token, one.name).Protect, one.name)
		}
	}
}

func TestTheAddonsOfAWorkingCluster(t *testing.T) {
	built, _ := build(t, production())
	var names []any
	for _, addon := range built.Each(t, addonType) {
		names = append(names, addon.At("addonName"))
	}
	assert.ElementsMatch(t, []any{
		"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni",
	}, names)
	cni := built.Get(t, addonType, "cluster-addon-vpc-cni")
	assert.JSONEq(t, `{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true"}}`,
		cni.At("configurationValues").(string), "without it a NetworkPolicy has no effect")
	for _, pool := range built.Each(t, poolType) {
		pool.AssertDependsOn(t, cni.Ref())
	}
	assert.Equal(t, "v1.35.0-eksbuild.1", cni.At("addonVersion"), "it follows the cluster's version")
	built.Get(t, addonType, "cluster-addon-coredns").AssertDependsOn(t, mocktest.Refs(built.OfType(poolType))...)
}

func TestAnIdentityIsOfOneServiceAccount(t *testing.T) {
	built, _ := build(t, production())
	association := built.Get(t, "aws:eks/podIdentityAssociation:PodIdentityAssociation", "auth-identity-association")
	assert.Equal(t, "dreamseed", association.At("namespace"))
	assert.Equal(t, "auth-service", association.At("serviceAccount"))
	assert.Equal(t, association.At("roleArn"), built.Outputs["principal"])
	trust := statements(t, built.Get(t, roleType, "auth-identity-role").At("assumeRolePolicy"))
	require.Len(t, trust, 1)
	assert.Equal(t, map[string]any{"Service": "pods.eks.amazonaws.com"}, trust[0]["Principal"])
	arn := "arn:aws:eks:eu-central-1:123456789012:cluster/" + production().Identity()
	assert.Equal(t, map[string]any{"StringEquals": map[string]any{
		"aws:RequestTag/eks-cluster-arn":            arn,
		"aws:RequestTag/kubernetes-namespace":       "dreamseed",
		"aws:RequestTag/kubernetes-service-account": "auth-service",
	}}, trust[0]["Condition"], "the pods of no other cluster, and of no other service account")
	for _, role := range built.Each(t, "aws:iam/rolePolicy:RolePolicy") {
		assert.NotContains(t, role.Name, "auth-identity", "it may do nothing yet")
	}
}

// Deletion is in reverse order of creation. AWS releases no address that a load balancer's network interface holds.
func TestTheAddressesGoAfterTheCluster(t *testing.T) {
	built, _ := build(t, production())
	built.Get(t, clusterType, "cluster-cluster").AssertDependsOn(t,
		mocktest.Ref("aws:ec2/eip:Eip", "cluster-address-0"),
		mocktest.Ref("aws:ec2/eip:Eip", "cluster-address-1"),
		mocktest.Ref("aws:ec2/eip:Eip", "cluster-address-2"))
}

// A node without a default route cannot join, and the gateway can only go when no address in the network is in use.
func TestTheWaysOutAreThereBeforeTheClusterAndGoAfterIt(t *testing.T) {
	built, _ := build(t, production())
	for zone := range production().Zones {
		built.Get(t, clusterType, "cluster-cluster").AssertDependsOn(t, mocktest.Ref(
			"aws:ec2/routeTableAssociation:RouteTableAssociation", fmt.Sprintf("cluster-private-%d-route", zone)))
	}
}

func TestTheHostLeadsToTheReservedAddresses(t *testing.T) {
	built, told := build(t, production())
	record := built.Get(t, "aws:route53/record:Record", "cluster-record")
	assert.Equal(t, "learn.dreamseed.ai", record.At("name"))
	assert.Equal(t, built.Outputs["addresses"], record.At("records"))
	assert.Len(t, built.Outputs["addresses"], 3, "one in each zone")
	assert.Equal(t, "learn.dreamseed.ai", told.PublicAddress.Host)
	annotations := built.Outputs["annotationsOfIngress"].(map[string]any)
	for name, prefix := range map[string]string{
		"service.beta.kubernetes.io/aws-load-balancer-eip-allocations": "eipalloc-",
		"service.beta.kubernetes.io/aws-load-balancer-subnets":         "subnet-",
	} {
		assert.Len(t, strings.Split(annotations[name].(string), ","), 3, name)
		assert.Contains(t, annotations[name], prefix)
	}
}

func TestTheClusterHasARegistryAndStorage(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, "123456789012.dkr.ecr.eu-central-1.amazonaws.com/dreamseed-test", told.Registry)
	var repositories []any
	for _, repository := range built.Each(t, "aws:ecr/repository:Repository") {
		repositories = append(repositories, repository.At("name"))
		assert.Equal(t, "IMMUTABLE", repository.At("imageTagMutability"))
	}
	assert.Equal(t, []any{"dreamseed-test/auth-service", "dreamseed-test/user-service"}, repositories)
	class := built.Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage")
	assert.Equal(t, told.StorageClass, class.At("metadata", "name"))
	assert.Equal(t, "true", class.At("parameters", "encrypted"))
	assert.Len(t, told.Ready, 13, "six add-ons, two pools in three zones, the storage class")
}

func TestAnAliasLeadsToTheSameAddress(t *testing.T) {
	spec := production()
	spec.DNS.Aliases = []string{"grafana.learn.dreamseed.ai"}
	built, _ := build(t, spec)
	host := built.Get(t, "aws:route53/record:Record", "cluster-record")
	alias := built.Get(t, "aws:route53/record:Record", "cluster-record-grafana.learn.dreamseed.ai")
	assert.Equal(t, "grafana.learn.dreamseed.ai", alias.At("name"))
	assert.NotEmpty(t, alias.At("records"))
	assert.Equal(t, host.At("records"), alias.At("records"))
}
