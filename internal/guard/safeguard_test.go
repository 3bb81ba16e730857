package guard_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/guard"
)

// inputs reads inputs as an event log has them.
func inputs(t *testing.T, text string) *changeset.State {
	t.Helper()
	encoded, err := yaml.YAMLToJSON([]byte(text))
	require.NoError(t, err)
	state := &changeset.State{}
	require.NoError(t, json.Unmarshal(encoded, &state.Inputs))
	return state
}

const closedPod = `
spec:
  template:
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: service
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
`

const (
	namespaceType = "kubernetes:core/v1:Namespace"
	policyType    = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	roleType      = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType   = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
	deployment    = "kubernetes:apps/v1:Deployment"
	gke           = "gcp:container/cluster:Cluster"
	eks           = "aws:eks/cluster:Cluster"
	aks           = "azure-native:containerservice/v20240901:ManagedCluster"
)

func TestASafeguardThatIsTakenAwayIsAFinding(t *testing.T) {
	const closedPolicy = `spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}`
	cases := map[string]struct{ of, old, now, says string }{
		"Pod Security lowered": {namespaceType, `metadata: {labels: {pod-security.kubernetes.io/enforce: restricted}}`,
			`metadata: {labels: {pod-security.kubernetes.io/enforce: baseline}}`, "does not enforce the Pod Security level"},
		"Pod Security off": {namespaceType, `metadata: {labels: {pod-security.kubernetes.io/enforce: baseline}}`,
			`metadata: {labels: {}}`, "baseline"},
		"Pod Security of no level": {namespaceType, `metadata: {labels: {pod-security.kubernetes.io/enforce: baseline}}`,
			`metadata: {labels: {pod-security.kubernetes.io/enforce: Baseline}}`, "baseline"},
		"no more warnings": {namespaceType, `metadata: {labels: {pod-security.kubernetes.io/warn: restricted}}`,
			`metadata: {}`, "warn"},
		"everybody let in": {policyType, closedPolicy,
			`spec: {policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}, {}]}`, "lets everybody in"},
		"every address": {policyType, closedPolicy,
			`spec: {policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}`, "reach everything"},
		"every pod anywhere": {policyType, closedPolicy,
			`spec: {policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {}}]}]}`, "lets everybody in"},
		"a direction left open": {policyType, closedPolicy,
			`spec: {policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]}`, "does not restrict egress"},
		"a denial for few": {policyType, `spec: {podSelector: {}, policyTypes: [Ingress, Egress]}`,
			`spec: {podSelector: {matchLabels: {app: none}}, policyTypes: [Ingress, Egress]}`, "to some pods alone"},
		"a budget of nothing": {"kubernetes:policy/v1:PodDisruptionBudget", `spec: {minAvailable: 1}`,
			`spec: {minAvailable: 0}`, "go at once"},
		"a budget of all": {"kubernetes:policy/v1:PodDisruptionBudget", `spec: {maxUnavailable: 1}`,
			`spec: {maxUnavailable: 100%}`, "go at once"},
		"all verbs": {roleType, `rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]`,
			`rules: [{apiGroups: [""], resources: [pods], verbs: ["*"]}]`, "all verbs"},
		"a right to escalate": {roleType, `rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]`,
			`rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [escalate]}]`, "escalate"},
		"an admission policy that only warns": {bindingType, `spec: {validationActions: [Deny]}`,
			`spec: {validationActions: [Warn]}`, "refuses nothing"},
		"a public GKE endpoint": {gke, `privateClusterConfig: {enablePrivateEndpoint: true}`,
			`privateClusterConfig: {enablePrivateEndpoint: false}`, "privateClusterConfig.enablePrivateEndpoint"},
		"GKE secrets in clear": {gke, `databaseEncryption: {state: ENCRYPTED}`, `name: it`, "databaseEncryption"},
		"a public EKS endpoint": {eks, `vpcConfig: {endpointPublicAccess: false}`,
			`vpcConfig: {endpointPublicAccess: true}`, "vpcConfig.endpointPublicAccess"},
		"local accounts of AKS": {aks, `disableLocalAccounts: true`, `name: it`, "disableLocalAccounts"},
		"a bucket that anybody may read": {"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
			`blockPublicPolicy: true`, `blockPublicPolicy: false`, "blockPublicPolicy"},
		"a bucket of Google that anybody may read": {"gcp:storage/bucket:Bucket",
			`{publicAccessPrevention: enforced, versioning: {enabled: true}}`,
			`{publicAccessPrevention: inherited, versioning: {enabled: true}}`, "publicAccessPrevention"},
		"a bucket without former versions": {"gcp:storage/bucket:Bucket", `versioning: {enabled: true}`,
			`versioning: {enabled: false}`, "keeps no former versions"},
		"versions that are no longer kept": {"aws:s3/bucketVersioningV2:BucketVersioningV2",
			`versioningConfiguration: {status: Enabled}`, `versioningConfiguration: {status: Suspended}`,
			"keeps no former versions"},
		"blobs without former versions": {"azure-native:storage/v20230501:BlobServiceProperties",
			`isVersioningEnabled: true`, `isVersioningEnabled: false`, "isVersioningEnabled"},
		"a key that does not rotate": {"aws:kms/key:Key", `enableKeyRotation: true`, `enableKeyRotation: false`,
			"enableKeyRotation"},
		"a bucket that goes with its data": {"aws:s3/bucket:Bucket", `forceDestroy: false`, `forceDestroy: true`,
			"forceDestroy"},
		"deletion protection off": {"gcp:sql/databaseInstance:DatabaseInstance", `deletionProtection: true`,
			`deletionProtection: false`, "deletionProtection"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			old, now := inputs(t, tt.old), inputs(t, tt.now)

			findings := guard.Find(changed(tt.of, changeset.Update, old, now))

			require.Len(t, findings, 1)
			assert.Equal(t, guard.Weaken, findings[0].Operation)
			assert.Contains(t, findings[0].Why, tt.says)
			assert.Empty(t, guard.Find(changed(tt.of, changeset.Update, old, old)), "the control: it stays")
			assert.Empty(t, guard.Find(changed(tt.of, changeset.Update, now, old)), "the control: it comes")
			assert.Empty(t, guard.Find(changed(tt.of, changeset.Create, nil, now)), "a new resource had none to lose")
		})
	}
}

func TestAPodThatLosesASafeguardIsAFinding(t *testing.T) {
	cases := map[string]struct{ path, json, says string }{
		"host network":       {"hostNetwork", `true`, "host namespaces"},
		"host processes":     {"hostPID", `true`, "host namespaces"},
		"a path of the node": {"volumes", `[{"name": "root", "hostPath": {"path": "/"}}]`, "hostPath"},
		"root":               {"securityContext", `{"seccompProfile": {"type": "RuntimeDefault"}}`, "runAsNonRoot"},
		"no seccomp profile": {"securityContext", `{"runAsNonRoot": true}`, "seccompProfile"},
		"user 0": {"securityContext",
			`{"runAsNonRoot": true, "runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}}`, "runAsUser"},
		"a token":           {"automountServiceAccountToken", `true`, "token"},
		"privileged":        {"initContainers", `[{"name": "new", "securityContext": {"privileged": true}}]`, "privileged"},
		"an open container": {"initContainers", `[{"name": "new"}]`, "root file system"},
		"what nobody knows": {"hostNetwork", `"04da6b54-80e4-46f7-96ec-b56ff0331ba9"`, "cannot be judged"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			closed, open := inputs(t, closedPod), inputs(t, closedPod)
			spec := open.Inputs["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
			var value any
			require.NoError(t, json.Unmarshal([]byte(tt.json), &value))
			spec[tt.path] = value

			findings := guard.Find(changed(deployment, changeset.Update, closed, open))

			require.Len(t, findings, 1)
			assert.Contains(t, findings[0].Why, tt.says)
			assert.Empty(t, guard.Find(changed(deployment, changeset.Update, closed, inputs(t, closedPod))), "the control")
			assert.Empty(t, guard.Find(changed(deployment, changeset.Update, open, closed)), "the control: it comes")
		})
	}
}
