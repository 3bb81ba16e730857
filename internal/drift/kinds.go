package drift

import "slices"

// matters reports whether a stranger of the kind would be a finding: anything in the platform's namespaces but for what
// comes and goes, and what binds power in the cluster.
func matters(kind served) bool {
	name := kind.GroupKind().String()
	if kind.namespaced {
		return !slices.Contains(passing, name) && !slices.Contains(passingGroups, kind.Group)
	}
	return slices.Contains(powerful, name)
}

// passing are the kinds in namespaces whose objects come and go, or repeat what another kind says.
var passing = []string{
	"Event", "Event.events.k8s.io", "Lease.coordination.k8s.io", "LeaseCandidate.coordination.k8s.io",
	"Endpoints",                                     // the controller makes them of EndpointSlices' Services
	"ControllerRevision.apps",                       // the history of a template
	"CSIStorageCapacity.storage.k8s.io",             // measured
	"GeneratorState.generators.external-secrets.io", // kept by the operator
}

// passingGroups serve measurements.
var passingGroups = []string{"metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io"}

// powerful are the kinds of the whole cluster whose objects give rights, take part in requests, or reach into
// namespaces. The others (nodes, drivers, storage classes) are the cluster's, and come and go with its versions.
var powerful = []string{
	"Namespace", "PersistentVolume",
	"ClusterRole.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io",
	"ValidatingWebhookConfiguration.admissionregistration.k8s.io",
	"MutatingWebhookConfiguration.admissionregistration.k8s.io",
	"ValidatingAdmissionPolicy.admissionregistration.k8s.io",
	"ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
	"MutatingAdmissionPolicy.admissionregistration.k8s.io",
	"MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
	"APIService.apiregistration.k8s.io", "CustomResourceDefinition.apiextensions.k8s.io",
	"PriorityClass.scheduling.k8s.io", "IngressClass.networking.k8s.io", "GatewayClass.gateway.networking.k8s.io",
	"AdminNetworkPolicy.policy.networking.k8s.io", "BaselineAdminNetworkPolicy.policy.networking.k8s.io",
	"CiliumClusterwideNetworkPolicy.cilium.io",
	"ClusterSecretStore.external-secrets.io", "ClusterExternalSecret.external-secrets.io",
	"ClusterGenerator.generators.external-secrets.io", "ClusterPushSecret.external-secrets.io",
	"ClusterIssuer.cert-manager.io", "ClusterTriggerAuthentication.keda.sh", "ClusterAnalysisTemplate.argoproj.io",
}

// madeBy lists, for each kind, the kinds that its controllers make of it, and the managers by which they do so. An
// ownerReference alone proves nothing: anybody can write one.
var madeBy = map[string][]creation{
	"Deployment":  {{"ReplicaSet.apps", []string{"kube-controller-manager"}}},
	"ReplicaSet":  {{"Pod", podMakers}},
	"StatefulSet": {{"Pod", podMakers}, {"PersistentVolumeClaim", []string{"kube-controller-manager"}}},
	"DaemonSet":   {{"Pod", podMakers}},
	"Job":         {{"Pod", podMakers}},
	"CronJob":     {{"Job.batch", []string{"kube-controller-manager", "dreamseed"}}}, // and `dreamseed data`
	"Service":     {{"EndpointSlice.discovery.k8s.io", []string{"kube-controller-manager"}}},
	"Rollout": {
		{"ReplicaSet.apps", rolloutManagers}, {"AnalysisRun.argoproj.io", rolloutManagers},
		{"Experiment.argoproj.io", rolloutManagers},
	},
	"AnalysisRun":        {{"Job.batch", rolloutManagers}},
	"ExternalSecret":     {{"Secret", []string{"external-secrets", "externalsecrets.external-secrets.io/*"}}},
	"SealedSecret":       {{"Secret", []string{"controller", "sealed-secrets*"}}},
	"Ingress":            {{"Certificate.cert-manager.io", certificateManagers}},
	"Certificate":        {{"CertificateRequest.cert-manager.io", certificateManagers}, {"Secret", certificateManagers}},
	"CertificateRequest": {{"Order.acme.cert-manager.io", certificateManagers}},
	"Order":              {{"Challenge.acme.cert-manager.io", certificateManagers}},
	"Elasticsearch": {
		{"StatefulSet.apps", elasticManagers}, {"Service", elasticManagers}, {"Secret", elasticManagers},
		{"ConfigMap", elasticManagers}, {"PodDisruptionBudget.policy", elasticManagers},
		{"PersistentVolumeClaim", elasticManagers},
	},
	"Kibana": {
		{"Deployment.apps", elasticManagers}, {"Service", elasticManagers}, {"Secret", elasticManagers},
		{"ConfigMap", elasticManagers},
	},
	"Kafka": {
		{"Deployment.apps", kafkaManagers}, {"Service", kafkaManagers}, {"Secret", kafkaManagers},
		{"ConfigMap", kafkaManagers}, {"ServiceAccount", kafkaManagers}, {"PodDisruptionBudget.policy", kafkaManagers},
		{"Role.rbac.authorization.k8s.io", kafkaManagers}, {"RoleBinding.rbac.authorization.k8s.io", kafkaManagers},
	},
	"KafkaNodePool": {
		{"StrimziPodSet.core.strimzi.io", kafkaManagers}, {"PersistentVolumeClaim", kafkaManagers},
		{"ConfigMap", kafkaManagers}, {"Secret", kafkaManagers}, {"Service", kafkaManagers},
	},
	"StrimziPodSet": {{"Pod", slices.Concat(kafkaManagers, podMakers)}},
	"KafkaUser":     {{"Secret", []string{"strimzi-user-operator"}}},
	"Cluster": {
		{"Pod", slices.Concat(postgresManagers, podMakers)}, {"Job.batch", postgresManagers},
		{"PersistentVolumeClaim", postgresManagers}, {"Service", postgresManagers}, {"Secret", postgresManagers},
		{"ServiceAccount", postgresManagers}, {"PodDisruptionBudget.policy", postgresManagers},
		{"Role.rbac.authorization.k8s.io", postgresManagers},
		{"RoleBinding.rbac.authorization.k8s.io", postgresManagers},
	},
	"ScaledObject": {{"HorizontalPodAutoscaler.autoscaling", []string{"keda*"}}},
}

// creation is what a controller makes.
type creation struct {
	kind string
	// managers are patterns of the names by which the controllers write.
	managers []string
}

var (
	// podMakers includes the writers of a pod's status and place.
	podMakers       = []string{"kube-controller-manager", "kube-scheduler", "kubelet", "kwok"}
	rolloutManagers = []string{"rollouts-controller", "argo-rollouts", "kube-controller-manager"}
	// elasticManagers is the name of ECK's program, from which the API server makes its manager's.
	elasticManagers = []string{"elastic-operator"}
	// kafkaManagers is the name by which Strimzi's cluster operator writes.
	kafkaManagers = []string{"strimzi-cluster-operator"}
	// postgresManagers are the names of CloudNativePG's program, in its image and in the sandbox, and of the stand-in for
	// what runs in the pods of a cluster, where it is the same program.
	postgresManagers    = []string{"manager", "cloudnative-pg", "cloudnative-pg-instances"}
	certificateManagers = []string{"cert-manager-*", "controller"}
)
