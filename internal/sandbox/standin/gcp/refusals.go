package gcp

import (
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

const (
	// clusterAPI and computeAPI are Google's references of valid requests.
	clusterAPI = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
	computeAPI = "https://cloud.google.com/compute/docs/reference/rest/v1/"

	// label is the pattern of a name in Compute Engine (https://cloud.google.com/compute/docs/naming-resources).
	label = `[a-z]([-a-z0-9]{0,61}[a-z0-9])?`
	// short is the pattern of a name in GKE.
	short = `[a-z]([-a-z0-9]{0,38}[a-z0-9])?`

	// already is Google's error message for a name that is taken.
	already = "googleapi: Error 409: The resource '%s' already exists, alreadyExists"
)

// versions are GKE's error messages about versions
// (https://github.com/hashicorp/terraform-provider-google/issues/22167,
// https://github.com/kubeflow/code-intelligence/issues/153).
var versions = standin.VersionAnswers{
	Unsold: `googleapi: Error 400: No valid versions with the prefix "%s" found., badRequest`,
	Skipped: "googleapi: Error 400: Master version %s cannot be upgraded to %s: " +
		"cannot upgrade the master more than a minor version at a time, badRequest",
}

// refusals has the well-formed requests that Google Cloud refuses all the same.
func refusals() map[string]standin.Rules {
	return map[string]standin.Rules{
		"gcp:container/cluster:Cluster": {
			Limits: []standin.Limit{
				standin.SoldVersion("minMasterVersion", support.GKE, versions),
				standin.OneMinorUp("minMasterVersion", "https://github.com/kubeflow/code-intelligence/issues/153", versions),
				standin.Shaped("name", short, clusterAPI),
				standin.OneOf("releaseChannel.channel", clusterAPI, "RAPID", "REGULAR", "STABLE", "EXTENDED"),
			},
			Name: named(clusterAPI, "projects/{project}/locations/{location}/clusters/{name}"),
		},
		"gcp:container/nodePool:NodePool": {
			Limits: []standin.Limit{
				standin.Shaped("name", short, clusterAPI+".nodePools"),
				standin.Ordered(clusterAPI+".nodePools", "autoscaling.totalMinNodeCount", "autoscaling.totalMaxNodeCount"),
				standin.OneOf("autoscaling.locationPolicy", clusterAPI+".nodePools", "BALANCED", "ANY"),
				standin.OneOf("upgradeSettings.strategy", clusterAPI+".nodePools", "SURGE", "BLUE_GREEN"),
			},
			Name: named(clusterAPI+".nodePools",
				"projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}"),
		},
		"gcp:kms/keyRing:KeyRing": {
			Limits: []standin.Limit{standin.Shaped("name", `[a-zA-Z0-9_-]{1,63}`, keyAPI)},
			Name:   kept("googleapi: Error 409: KeyRing %s already exists., alreadyExists", keyRing),
		},
		"gcp:kms/cryptoKey:CryptoKey": {
			Limits: []standin.Limit{standin.Shaped("name", `[a-zA-Z0-9_-]{1,63}`, keyAPI)},
			Name:   kept("googleapi: Error 409: CryptoKey %s already exists., alreadyExists", "{keyRing}/cryptoKeys/{name}"),
		},
		"gcp:serviceaccount/account:Account": {
			Limits: []standin.Limit{standin.Shaped("accountId", `[a-z]([-a-z0-9]{4,28}[a-z0-9])`, accountAPI)},
			Name:   named(accountAPI, "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com"),
		},
		"gcp:artifactregistry/repository:Repository": {
			Limits: []standin.Limit{standin.Shaped("repositoryId", label, repositoryAPI)},
			Name:   named(repositoryAPI, "projects/{project}/locations/{location}/repositories/{repositoryId}"),
		},
		"gcp:storage/bucket:Bucket": {
			Limits: []standin.Limit{
				standin.Shaped("name", `[a-z0-9][a-z0-9-]{1,61}[a-z0-9]`, bucketAPI),
				standin.OneOf("publicAccessPrevention", bucketAPI, "enforced", "inherited"),
				standin.OneOf("lifecycleRules.action.type", lifecycleAPI, "Delete", "SetStorageClass",
					"AbortIncompleteMultipartUpload"),
				// https://cloud.google.com/storage/docs/soft-delete#retention-duration
				standin.AtLeast("softDeletePolicy.retentionDurationSeconds", 604800, bucketAPI),
			},
			Name: &standin.Name{
				Source: bucketAPI, Is: standin.Text("{name}"),
				Taken: "googleapi: Error 409: The requested bucket name is not available. The bucket namespace is shared by " +
					"all users of the system: %s, conflict",
			},
		},
		"gcp:compute/network:Network":       compute("networks", "projects/{project}/global/networks/{name}"),
		"gcp:compute/subnetwork:Subnetwork": compute("subnetworks", "projects/{project}/regions/{region}/subnetworks/{name}"),
		"gcp:compute/router:Router":         compute("routers", "projects/{project}/regions/{region}/routers/{name}"),
		"gcp:compute/address:Address":       addresses(),
	}
}

const (
	bucketAPI     = "https://cloud.google.com/storage/docs/buckets#naming"
	lifecycleAPI  = "https://cloud.google.com/storage/docs/lifecycle"
	keyAPI        = "https://cloud.google.com/kms/docs/faq"
	keyRing       = "projects/{project}/locations/{location}/keyRings/{name}"
	accountAPI    = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create"
	repositoryAPI = "https://cloud.google.com/artifact-registry/docs/repositories/create-repos"
)

func named(source, name string) *standin.Name {
	return &standin.Name{Source: source, Is: standin.Text(name), Taken: already}
}

// kept is a name that stays taken forever: key rings and keys cannot be deleted
// (https://github.com/hashicorp/terraform-provider-google/issues/1214).
func kept(answer, name string) *standin.Name {
	return &standin.Name{Source: keyAPI, Is: standin.Text(name), Taken: answer, Outlives: standin.Always}
}

func compute(kind, name string) standin.Rules {
	return standin.Rules{
		Limits: []standin.Limit{standin.Shaped("name", label, computeAPI+kind)},
		Name:   named(computeAPI+kind, name),
	}
}

// addresses are held by the load balancers that name them in an annotation.
func addresses() standin.Rules {
	rules := compute("addresses", "projects/{project}/regions/{region}/addresses/{name}")
	rules.Hold = &standin.Hold{
		Source:     "https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters",
		Annotation: "networking.gke.io/load-balancer-ip-addresses",
		Names:      standin.Text("{name}"),
		Says: "googleapi: Error 400: The address resource '%s' is already being used by a forwarding rule, " +
			"resourceInUseByAnotherResource",
	}
	return rules
}
