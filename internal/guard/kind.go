package guard

import (
	"regexp"
	"strings"
)

// kind is a kind of resource that may not be replaced or deleted unseen.
type kind struct {
	noun string
	// why says what goes with it.
	why string
}

// What goes with a resource that is replaced or deleted.
const (
	everything   = "everything that runs in it goes with it"
	itsData      = "its data goes with it"
	itsOwned     = "its service loses its database"
	itsObjects   = "every object of this kind goes with it"
	itsReaders   = "whatever reads its values stops"
	itsPods      = "its pods and their names go with it"
	itsPodsMove  = "every pod on it is evicted"
	itsTraffic   = "traffic through it stops"
	itsCipher    = "what was encrypted with it cannot be read any more"
	itsImages    = "the images in it go with it"
	itsAddress   = "clients that know it lose their way"
	itsLogin     = "every object behind it is deleted or created anew"
	itsClaims    = "no claim of it gets a volume any more"
	itsKinds     = "its kinds can go with it, and every object of them"
	itsRenewal   = "no certificate is renewed any more"
	itsRemains   = "it stays where it is, and nothing looks after it any more: docs/data.md says how it is removed"
	itsSafeguard = "a safeguard of the environment goes with it"
)

// kinds are the guarded kinds, by provider and type. The version in the type of an Azure resource, and the version of a
// Kubernetes API, do not count.
var kinds = map[string]map[string]kind{
	"kubernetes": kubernetesKinds, "gcp": gcpKinds, "aws": awsKinds, "azure-native": azureKinds,
}

// kindOf returns the guarded kind of a type.
func kindOf(of string) (kind, bool) {
	if strings.HasPrefix(of, "pulumi:providers:") {
		return kind{"provider", itsLogin}, true
	}
	provider, name, _ := strings.Cut(plain(of), ":")
	found, guarded := kinds[provider][name]
	return found, guarded
}

// version is the API version in the middle of a type, and resource the lower-case repetition of its name.
var (
	version  = regexp.MustCompile(`/v[0-9][0-9a-z]*:`)
	resource = regexp.MustCompile(`/[a-z][A-Za-z0-9]*:`)
)

// plain returns a type without its versions: kubernetes:apps:StatefulSet for kubernetes:apps/v1:StatefulSet, and
// gcp:container:Cluster for gcp:container/cluster:Cluster.
func plain(of string) string {
	return resource.ReplaceAllString(version.ReplaceAllString(of, ":"), ":")
}
