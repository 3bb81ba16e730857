package aws

import (
	"strings"

	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// eksAPI, iamAPI and ec2API are Amazon's references of valid requests.
const (
	eksAPI = "https://docs.aws.amazon.com/eks/latest/APIReference/"
	iamAPI = "https://docs.aws.amazon.com/IAM/latest/APIReference/"
	ec2API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
	kmsAPI = "https://docs.aws.amazon.com/kms/latest/APIReference/"
	ecrAPI = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/"

	bucketNaming = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
)

// versions are EKS's error messages about versions (https://github.com/hashicorp/terraform-provider-aws/issues/21410,
// https://github.com/rancher/rancher/issues/43316).
var versions = standin.VersionAnswers{
	Unsold:  "InvalidParameterException: unsupported Kubernetes version %s",
	Skipped: "InvalidParameterException: Unsupported Kubernetes minor version update from %s to %s",
}

// refusals has the well-formed requests that Amazon Web Services refuses all the same.
func refusals() map[string]standin.Rules {
	return map[string]standin.Rules{
		"aws:eks/cluster:Cluster": {
			Limits: []standin.Limit{
				standin.SoldVersion("version", support.EKS, versions),
				standin.OneMinorUp("version", "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html", versions),
				standin.Shaped("name", `[0-9A-Za-z][A-Za-z0-9_-]{0,99}`, eksAPI+"API_CreateCluster.html"),
				standin.OneOf("upgradePolicy.supportType", eksAPI+"API_UpgradePolicyRequest.html", "STANDARD", "EXTENDED"),
			},
			Name: named(eksAPI+"API_CreateCluster.html", "{name}",
				"ResourceInUseException: Cluster already exists with name: %s"),
		},
		"aws:eks/nodeGroup:NodeGroup": nodeGroups(),
		"aws:ec2/launchTemplate:LaunchTemplate": {
			Limits: []standin.Limit{
				standin.Shaped("name", `[a-zA-Z0-9().\-/_]{3,128}`, ec2API+"API_CreateLaunchTemplate.html"),
			},
			Name: named(ec2API+"errors-overview.html", "{name}",
				"InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use. (%s)"),
		},
		"aws:cloudwatch/logGroup:LogGroup": logGroups(),
		"aws:s3/bucketV2:BucketV2": {
			Limits: []standin.Limit{standin.Shaped("bucket", `[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`, bucketNaming)},
			Name: named(bucketNaming, "{bucket}", "BucketAlreadyExists: The requested bucket name is "+
				"not available. The bucket namespace is shared by all users of the system: %s"),
		},
		"aws:s3/bucketVersioningV2:BucketVersioningV2": {
			Limits: []standin.Limit{standin.OneOf("versioningConfiguration.status",
				"https://docs.aws.amazon.com/AmazonS3/latest/API/API_VersioningConfiguration.html", "Enabled", "Suspended")},
		},
		"aws:iam/role:Role": {
			Limits: []standin.Limit{standin.Shaped("name", `[\w+=,.@-]{1,64}`, iamAPI+"API_CreateRole.html")},
			Name: named(iamAPI+"API_CreateRole.html", "{name}",
				"EntityAlreadyExists: Role with name %s already exists."),
		},
		"aws:kms/alias:Alias": {
			Limits: []standin.Limit{standin.Shaped("name", `alias/[a-zA-Z0-9/_-]{1,250}`, kmsAPI+"API_CreateAlias.html")},
			Name: named(kmsAPI+"API_CreateAlias.html", "{region}/{name}",
				"AlreadyExistsException: An alias with the name %s already exists"),
		},
		"aws:ecr/repository:Repository": {
			Limits: []standin.Limit{standin.Shaped("name",
				`([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*`, ecrAPI+"API_CreateRepository.html")},
			Name: named(ecrAPI+"API_CreateRepository.html", "{region}/{name}",
				"RepositoryAlreadyExistsException: The repository with name '%s' already exists in the registry"),
		},
		"aws:ec2/eip:Eip": {Hold: &standin.Hold{
			// The answer when an address is released while a load balancer uses it
			// (https://github.com/hashicorp/terraform-provider-aws/issues/33645).
			Source:     "https://cloud-provider-aws.sigs.k8s.io/service_controller",
			Annotation: "service.beta.kubernetes.io/aws-load-balancer-eip-allocations",
			Names:      standin.Text("{id}"),
			Says:       "AuthFailure: You do not have permission to access the specified resource %s.",
		}},
	}
}

func named(source, name, answer string) *standin.Name {
	return &standin.Name{Source: source, Is: standin.Text(name), Taken: answer}
}

// nodeGroups may neither start outside their bounds nor get outside them: an update keeps the size that the autoscaler
// has chosen (https://github.com/hashicorp/terraform-provider-aws/issues/18310).
func nodeGroups() standin.Rules {
	source := eksAPI + "API_NodegroupScalingConfig.html"
	return standin.Rules{
		Limits: []standin.Limit{
			standin.Shaped("nodeGroupName", `[0-9A-Za-z][A-Za-z0-9_-]{0,62}`, eksAPI+"API_CreateNodegroup.html"),
			standin.AtLeast("scalingConfig.minSize", 0, source),
			standin.AtLeast("scalingConfig.maxSize", 1, source),
			standin.Ordered(source, "scalingConfig.minSize", "scalingConfig.desiredSize", "scalingConfig.maxSize"),
			standin.OneOf("capacityType", eksAPI+"API_CreateNodegroup.html", "ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
			standin.OneOf("taints.effect", eksAPI+"API_Taint.html", "NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
		},
		Clashes: []standin.Limit{standin.NotAbove("version", "https://github.com/eksctl-io/eksctl/issues/3727",
			"InvalidParameterException: node group version %s is newer than cluster version %s", plane)},
		Name: named(eksAPI+"API_CreateNodegroup.html", "{clusterName}/{nodeGroupName}",
			"ResourceInUseException: NodeGroup already exists with name and cluster name %s"),
	}
}

func plane(r standin.Request) (string, bool) {
	version, exists := r.Find("aws:eks/cluster:Cluster", standin.Text("{clusterName}"))["version"].(string)
	return version, exists
}

// logGroups of a cluster outlive it: EKS writes its last logs after the group was deleted, which creates the group
// again (https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2763).
func logGroups() standin.Rules {
	source := "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"
	return standin.Rules{
		Limits: []standin.Limit{standin.Shaped("name", `[.\-_/#A-Za-z0-9]{1,512}`, source)},
		Name: &standin.Name{
			Source:   source,
			Is:       standin.Text("{name}"),
			Taken:    "ResourceAlreadyExistsException: The specified log group already exists: %s",
			Outlives: func(name string) bool { return strings.HasPrefix(name, "/aws/eks/") },
		},
	}
}
