package guard

var kubernetesKinds = map[string]kind{
	"core:Namespace":                                                {"namespace", everything},
	"core:PersistentVolumeClaim":                                    {"volume claim", itsData},
	"core:PersistentVolume":                                         {"volume", itsData},
	"apps:StatefulSet":                                              {"StatefulSet", itsPods},
	"storage.k8s.io:StorageClass":                                   {"storage class", itsClaims},
	"apiextensions.k8s.io:CustomResourceDefinition":                 {"CRD", itsObjects},
	"helm.sh:Release":                                               {"operator", itsKinds},
	"elasticsearch.k8s.elastic.co:Elasticsearch":                    {"Elasticsearch", itsData},
	"external-secrets.io:SecretStore":                               {"store of secrets", itsReaders},
	"external-secrets.io:ClusterSecretStore":                        {"store of secrets", itsReaders},
	"cert-manager.io:Issuer":                                        {"issuer", itsRenewal},
	"cert-manager.io:ClusterIssuer":                                 {"issuer", itsRenewal},
	"networking.k8s.io:NetworkPolicy":                               {"network policy", itsSafeguard},
	"policy:PodDisruptionBudget":                                    {"disruption budget", itsSafeguard},
	"core:ResourceQuota":                                            {"quota", itsSafeguard},
	"core:LimitRange":                                               {"limit range", itsSafeguard},
	"admissionregistration.k8s.io:ValidatingAdmissionPolicy":        {"admission policy", itsSafeguard},
	"admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding": {"admission policy", itsSafeguard},
}
