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
	itsObjects   = "every object of this kind goes with it"
	itsReaders   = "whatever reads its values stops"
	itsPods      = "its pods and their names go with it"
	itsPodsMove  = "every pod on it is evicted"
	itsTraffic   = "traffic through it stops"
	itsCipher    = "what was encrypted with it cannot be read any more"
	itsImages    = "the images in it go with it"
	itsAddress   = "clients that know it lose their way"
	itsLogin     = "every object behind it is deleted or created anew"
	itsSafeguard = "a safeguard of the environment goes with it"
)

// kinds are the guarded kinds by type. The version in the type of an Azure resource, and a Kubernetes API version, do not
// count.
var kinds = map[string]kind{
	"kubernetes:core:Namespace":                                                {"namespace", everything},
	"kubernetes:core:PersistentVolumeClaim":                                    {"volume claim", itsData},
	"kubernetes:core:PersistentVolume":                                         {"volume", itsData},
	"kubernetes:apps:StatefulSet":                                              {"StatefulSet", itsPods},
	"kubernetes:storage.k8s.io:StorageClass":                                   {"storage class", "no claim of it gets a volume any more"},
	"kubernetes:apiextensions.k8s.io:CustomResourceDefinition":                 {"CRD", itsObjects},
	"kubernetes:helm.sh:Release":                                               {"operator", "its kinds can go with it, and every object of them"},
	"kubernetes:external-secrets.io:SecretStore":                               {"store of secrets", itsReaders},
	"kubernetes:external-secrets.io:ClusterSecretStore":                        {"store of secrets", itsReaders},
	"kubernetes:cert-manager.io:Issuer":                                        {"issuer", "no certificate is renewed any more"},
	"kubernetes:cert-manager.io:ClusterIssuer":                                 {"issuer", "no certificate is renewed any more"},
	"kubernetes:networking.k8s.io:NetworkPolicy":                               {"network policy", itsSafeguard},
	"kubernetes:policy:PodDisruptionBudget":                                    {"disruption budget", itsSafeguard},
	"kubernetes:core:ResourceQuota":                                            {"quota", itsSafeguard},
	"kubernetes:core:LimitRange":                                               {"limit range", itsSafeguard},
	"kubernetes:admissionregistration.k8s.io:ValidatingAdmissionPolicy":        {"admission policy", itsSafeguard},
	"kubernetes:admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding": {"admission policy", itsSafeguard},

	"gcp:container:Cluster":                            {"cluster", everything},
	"gcp:container:NodePool":                           {"node pool", itsPodsMove},
	"gcp:compute:Network":                              {"network", everything},
	"gcp:compute:Subnetwork":                           {"network", everything},
	"gcp:compute:Router":                               {"network", itsTraffic},
	"gcp:compute:RouterNat":                            {"network", itsTraffic},
	"gcp:compute:Firewall":                             {"network", itsSafeguard},
	"gcp:compute:Address":                              {"address", itsAddress},
	"gcp:compute:GlobalAddress":                        {"address", itsAddress},
	"gcp:kms:KeyRing":                                  {"key", itsCipher},
	"gcp:kms:CryptoKey":                                {"key", itsCipher},
	"gcp:artifactregistry:Repository":                  {"registry", itsImages},
	"gcp:dns:ManagedZone":                              {"DNS zone", itsAddress},
	"gcp:dns:RecordSet":                                {"DNS record", itsAddress},
	"gcp:sql:DatabaseInstance":                         {"database", itsData},
	"gcp:sql:Database":                                 {"database", itsData},
	"gcp:redis:Instance":                               {"cache", itsData},
	"gcp:storage:Bucket":                               {"bucket", itsData},
	"gcp:secretmanager:Secret":                         {"secret", itsReaders},
	"aws:eks:Cluster":                                  {"cluster", everything},
	"aws:eks:NodeGroup":                                {"node pool", itsPodsMove},
	"aws:ec2:Vpc":                                      {"network", everything},
	"aws:ec2:Subnet":                                   {"network", everything},
	"aws:ec2:InternetGateway":                          {"network", itsTraffic},
	"aws:ec2:NatGateway":                               {"network", itsTraffic},
	"aws:ec2:RouteTable":                               {"network", itsTraffic},
	"aws:ec2:DefaultSecurityGroup":                     {"network", itsSafeguard},
	"aws:ec2:SecurityGroup":                            {"network", itsSafeguard},
	"aws:ec2:Eip":                                      {"address", itsAddress},
	"aws:kms:Key":                                      {"key", itsCipher},
	"aws:ecr:Repository":                               {"registry", itsImages},
	"aws:route53:Zone":                                 {"DNS zone", itsAddress},
	"aws:route53:Record":                               {"DNS record", itsAddress},
	"aws:rds:Instance":                                 {"database", itsData},
	"aws:rds:Cluster":                                  {"database", itsData},
	"aws:elasticache:ReplicationGroup":                 {"cache", itsData},
	"aws:msk:Cluster":                                  {"message broker", itsData},
	"aws:s3:Bucket":                                    {"bucket", itsData},
	"aws:s3:BucketV2":                                  {"bucket", itsData},
	"aws:secretsmanager:Secret":                        {"secret", itsReaders},
	"aws:cloudwatch:LogGroup":                          {"log", itsData},
	"azure-native:resources:ResourceGroup":             {"resource group", everything},
	"azure-native:containerservice:ManagedCluster":     {"cluster", everything},
	"azure-native:containerservice:AgentPool":          {"node pool", itsPodsMove},
	"azure-native:network:VirtualNetwork":              {"network", everything},
	"azure-native:network:Subnet":                      {"network", everything},
	"azure-native:network:NatGateway":                  {"network", itsTraffic},
	"azure-native:network:PublicIPAddress":             {"address", itsAddress},
	"azure-native:network:RecordSet":                   {"DNS record", itsAddress},
	"azure-native:network:Zone":                        {"DNS zone", itsAddress},
	"azure-native:keyvault:Vault":                      {"key vault", itsCipher},
	"azure-native:keyvault:Key":                        {"key", itsCipher},
	"azure-native:compute:DiskEncryptionSet":           {"key", itsCipher},
	"azure-native:containerregistry:Registry":          {"registry", itsImages},
	"azure-native:authorization:ManagementLockByScope": {"lock", itsSafeguard},
	"azure-native:dbforpostgresql:Server":              {"database", itsData},
	"azure-native:cache:Redis":                         {"cache", itsData},
	"azure-native:redisenterprise:RedisEnterprise":     {"cache", itsData},
	"azure-native:eventhub:Namespace":                  {"message broker", itsData},
	"azure-native:storage:StorageAccount":              {"bucket", itsData},
	"azure-native:storage:BlobContainer":               {"bucket", itsData},
}

// kindOf returns the guarded kind of a type.
func kindOf(of string) (kind, bool) {
	if strings.HasPrefix(of, "pulumi:providers:") {
		return kind{"provider", itsLogin}, true
	}
	found, guarded := kinds[plain(of)]
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
