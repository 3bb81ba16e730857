package drift

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClassesAreThoseOfTheDecision has a row for each example of the table in
// docs/decisions/drift-from-managed-fields.md.
func TestClassesAreThoseOfTheDecision(t *testing.T) {
	pods := `.spec.template.spec`
	main := pods + `.containers[name="a"]`
	table, err := readRules()
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		about circumstance
		want  Class
	}{
		"revisions": {circumstance{kind: "Deployment.apps", change: Added, manager: "kube-controller-manager",
			path: ".metadata.annotations.deployment.kubernetes.io/revision"}, Benign},
		"revisions by somebody else": {circumstance{kind: "Deployment.apps", change: Added, manager: "kubectl-annotate",
			path: ".metadata.annotations.deployment.kubernetes.io/revision"}, Suspicious},
		"replicas with an HPA": {circumstance{kind: "Deployment.apps", change: Changed,
			path: ".spec.replicas", autoscaled: true}, Benign},
		"replicas without one": {circumstance{kind: "Deployment.apps", change: Changed,
			path: ".spec.replicas"}, Suspicious},
		"a Service's hash": {circumstance{kind: "Service", change: Added, manager: "rollouts-controller",
			path: ".spec.selector.rollouts-pod-template-hash"}, Benign},
		"the hash by somebody": {circumstance{kind: "Service", change: Added, manager: "kubectl",
			path: ".spec.selector.rollouts-pod-template-hash"}, Dangerous},
		"caBundle": {circumstance{kind: "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
			change: Added, manager: "cainjector",
			path: `.webhooks[name="a"].clientConfig.caBundle`}, Benign},
		"caBundle by somebody": {circumstance{kind: "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
			change: Added, manager: "kubectl",
			path: `.webhooks[name="a"].clientConfig.caBundle`}, Dangerous},
		"restartedAt": {circumstance{kind: "Deployment.apps", change: Added,
			path: ".spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt"}, Benign},
		"node counts": {circumstance{kind: "gcp:container/nodePool:NodePool", change: Changed,
			path: ".nodeCount"}, Benign},
		"labels": {circumstance{kind: "Service", change: Added, path: ".metadata.labels.a"}, Suspicious},
		"resources": {circumstance{kind: "Deployment.apps", change: Changed,
			path: main + ".resources.limits.cpu"}, Suspicious},
		"HPA bounds": {circumstance{kind: "HorizontalPodAutoscaler.autoscaling", change: Changed,
			path: ".spec.maxReplicas"}, Suspicious},
		"Service ports": {circumstance{kind: "Service", change: Added,
			path: `.spec.ports[port=1,protocol="TCP"]`}, Suspicious},
		"env": {circumstance{kind: "Deployment.apps", change: Added,
			path: main + `.env[name="a"].value`}, Suspicious},
		"ConfigMap keys": {circumstance{kind: "ConfigMap", change: Changed, path: ".data.a"}, Suspicious},
		"RBAC rules": {circumstance{kind: "Role.rbac.authorization.k8s.io", change: Changed,
			path: ".rules"}, Dangerous},
		"RBAC subjects": {circumstance{kind: "RoleBinding.rbac.authorization.k8s.io", change: Changed,
			path: ".subjects"}, Dangerous},
		"a NetworkPolicy": {circumstance{kind: "NetworkPolicy.networking.k8s.io", change: Changed,
			path: ".spec.ingress"}, Dangerous},
		"PSA labels": {circumstance{kind: "Namespace", change: Removed,
			path: ".metadata.labels.pod-security.kubernetes.io/enforce"}, Dangerous},
		"image": {circumstance{kind: "Rollout.argoproj.io", change: Changed,
			path: main + ".image"}, Dangerous},
		"command": {circumstance{kind: "Deployment.apps", change: Added,
			path: main + ".command"}, Dangerous},
		"securityContext": {circumstance{kind: "Deployment.apps", change: Changed,
			path: main + ".securityContext.runAsNonRoot"}, Dangerous},
		"hostNetwork": {circumstance{kind: "Deployment.apps", change: Added,
			path: pods + ".hostNetwork", value: true}, Dangerous},
		"hostPath": {circumstance{kind: "Deployment.apps", change: Added,
			path: pods + `.volumes[name="a"].hostPath.path`}, Dangerous},
		"serviceAccountName": {circumstance{kind: "Deployment.apps", change: Changed,
			path: pods + ".serviceAccountName"}, Dangerous},
		"tolerations": {circumstance{kind: "Deployment.apps", change: Added,
			path: pods + ".tolerations"}, Dangerous},
		"a container in a pod": {circumstance{kind: "Pod", change: Added,
			path: `.spec.ephemeralContainers[name="a"].image`}, Dangerous},
		"an identity of GCP": {circumstance{kind: "ServiceAccount", change: Added,
			path: ".metadata.annotations.iam.gke.io/gcp-service-account"}, Dangerous},
		"an ExternalSecret": {circumstance{kind: "ExternalSecret.external-secrets.io", change: Changed,
			path: ".spec.data"}, Dangerous},
		"a SecretStore": {circumstance{kind: "SecretStore.external-secrets.io", change: Changed,
			path: ".spec.provider"}, Dangerous},
		"a webhook": {circumstance{kind: "MutatingWebhookConfiguration.admissionregistration.k8s.io",
			change: Unmanaged}, Dangerous},
		"NodePort": {circumstance{kind: "Service", change: Changed,
			path: ".spec.type", value: "NodePort"}, Dangerous},
		"externalIPs": {circumstance{kind: "Service", change: Added, path: ".spec.externalIPs"}, Dangerous},
		"a disruption budget": {circumstance{kind: "PodDisruptionBudget.policy", change: Changed,
			path: ".spec.minAvailable"}, Dangerous},
		"a quota": {circumstance{kind: "ResourceQuota", change: Changed,
			path: ".spec.hard.pods"}, Dangerous},
		"anything deleted": {circumstance{kind: "ConfigMap", change: Gone}, Dangerous},
		"ranges in the cloud": {circumstance{kind: "gcp:container/cluster:Cluster", change: Changed,
			path: ".masterAuthorizedNetworksConfig.cidrBlocks[0].cidrBlock"}, Dangerous},
		"IAM in the cloud": {circumstance{kind: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", change: Changed,
			path: ".policyArn"}, Dangerous},
		"keys in the cloud": {circumstance{kind: "aws:kms/key:Key", change: Changed,
			path: ".deletionWindowInDays"}, Dangerous},
		"taints in the cloud": {circumstance{kind: "gcp:container/nodePool:NodePool", change: Changed,
			path: ".nodeConfig.taints[0].value"}, Dangerous},
		"a public endpoint": {circumstance{kind: "aws:eks/cluster:Cluster", change: Changed,
			path: ".vpcConfig.endpointPublicAccess"}, Dangerous},
		"tags in the cloud": {circumstance{kind: "aws:eks/cluster:Cluster", change: Added,
			path: ".tags.team"}, Suspicious},
		"a finalizer of a database": {circumstance{kind: "Database.postgresql.cnpg.io", change: Added,
			manager: "manager", path: ".metadata.finalizers"}, Benign},
		"the finalizer by somebody": {circumstance{kind: "Database.postgresql.cnpg.io", change: Added,
			manager: "kubectl", path: ".metadata.finalizers"}, Suspicious},
		"a finalizer of a topic": {circumstance{kind: "KafkaTopic.kafka.strimzi.io", change: Added,
			manager: "strimzi-topic-operator", path: ".metadata.finalizers"}, Benign},
		"caBundle of PostgreSQL": {circumstance{kind: "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
			change: Added, manager: "manager", path: `.webhooks[name="a"].clientConfig.caBundle`}, Benign},
		"a role's login": {circumstance{kind: "DatabaseRole.postgresql.cnpg.io", change: Added,
			path: ".spec.superuser", value: true}, Dangerous},
		"a role by hand": {circumstance{kind: "DatabaseRole.postgresql.cnpg.io", change: Unmanaged}, Dangerous},
		"access rules of PostgreSQL": {circumstance{kind: "Cluster.postgresql.cnpg.io", change: Changed,
			path: ".spec.postgresql.pg_hba[0]"}, Dangerous},
		"instances of PostgreSQL": {circumstance{kind: "Cluster.postgresql.cnpg.io", change: Changed,
			path: ".spec.instances"}, Suspicious},
		"rules of a Kafka user": {circumstance{kind: "KafkaUser.kafka.strimzi.io", change: Changed,
			path: ".spec.authorization.acls"}, Dangerous},
		"listeners of Kafka": {circumstance{kind: "Kafka.kafka.strimzi.io", change: Changed,
			path: ".spec.kafka.listeners"}, Dangerous},
		"brokers": {circumstance{kind: "KafkaNodePool.kafka.strimzi.io", change: Changed,
			path: ".spec.resources"}, Suspicious},
		"a suspended backup": {circumstance{kind: "CronJob.batch", change: Changed,
			path: ".spec.suspend", value: true}, Dangerous},
		"command of a backup": {circumstance{kind: "CronJob.batch", change: Changed,
			path: `.spec.jobTemplate.spec.template.spec.containers[name="a"].command`}, Dangerous},
		"a ClusterRoleBinding": {circumstance{kind: "ClusterRoleBinding.rbac.authorization.k8s.io",
			change: Unmanaged}, Dangerous},
		"an unknown kind":  {circumstance{kind: "Evil.example.com", change: Unmanaged}, Suspicious},
		"an unknown field": {circumstance{kind: "Evil.example.com", change: Changed, path: ".spec.a"}, Suspicious},
		"a privileged pod's leaf": {circumstance{kind: "Pod", change: Unmanaged,
			path: `.spec.containers[name="a"].securityContext.privileged`, value: true}, Dangerous},
	} {
		t.Run(name, func(t *testing.T) {
			class, why := table.judge(tt.about)
			assert.Equal(t, tt.want, class, why)
			assert.NotEmpty(t, why)
		})
	}
}

func TestEveryRuleHasAClassAndAReason(t *testing.T) {
	table, err := readRules()
	require.NoError(t, err)
	require.NotEmpty(t, table)
	for _, one := range table {
		assert.NotZero(t, severity[one.Class], "%+v", one)
		assert.Greater(t, len(one.Why), 10, "%+v", one)
	}
}
