package guard

var azureKinds = map[string]kind{
	"resources:ResourceGroup":             {"resource group", everything},
	"containerservice:ManagedCluster":     {"cluster", everything},
	"containerservice:AgentPool":          {"node pool", itsPodsMove},
	"network:VirtualNetwork":              {"network", everything},
	"network:Subnet":                      {"network", everything},
	"network:NatGateway":                  {"network", itsTraffic},
	"network:PublicIPAddress":             {"address", itsAddress},
	"network:RecordSet":                   {"DNS record", itsAddress},
	"network:Zone":                        {"DNS zone", itsAddress},
	"keyvault:Vault":                      {"key vault", itsCipher},
	"keyvault:Key":                        {"key", itsCipher},
	"compute:DiskEncryptionSet":           {"key", itsCipher},
	"containerregistry:Registry":          {"registry", itsImages},
	"authorization:ManagementLockByScope": {"lock", itsSafeguard},
	"dbforpostgresql:Server":              {"database", itsData},
	"cache:Redis":                         {"cache", itsData},
	"redisenterprise:RedisEnterprise":     {"cache", itsData},
	"eventhub:Namespace":                  {"message broker", itsData},
	"storage:StorageAccount":              {"bucket", itsData},
	"storage:BlobContainer":               {"bucket", itsData},
}
