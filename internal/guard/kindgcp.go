package guard

var gcpKinds = map[string]kind{
	"container:Cluster":            {"cluster", everything},
	"container:NodePool":           {"node pool", itsPodsMove},
	"compute:Network":              {"network", everything},
	"compute:Subnetwork":           {"network", everything},
	"compute:Router":               {"network", itsTraffic},
	"compute:RouterNat":            {"network", itsTraffic},
	"compute:Firewall":             {"network", itsSafeguard},
	"compute:Address":              {"address", itsAddress},
	"compute:GlobalAddress":        {"address", itsAddress},
	"servicenetworking:Connection": {"network", itsTraffic},
	"kms:KeyRing":                  {"key", itsCipher},
	"kms:CryptoKey":                {"key", itsCipher},
	"artifactregistry:Repository":  {"registry", itsImages},
	"dns:ManagedZone":              {"DNS zone", itsAddress},
	"dns:RecordSet":                {"DNS record", itsAddress},
	"sql:DatabaseInstance":         {"database", itsData},
	"sql:Database":                 {"database", itsData},
	"redis:Instance":               {"cache", itsData},
	"storage:Bucket":               {"bucket", itsData},
	"secretmanager:Secret":         {"secret", itsReaders},
}
