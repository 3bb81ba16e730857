package collector_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging/collector"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
)

const (
	configMapType = "kubernetes:core/v1:ConfigMap"
	daemonSetType = "kubernetes:apps/v1:DaemonSet"
	roleType      = "kubernetes:rbac.authorization.k8s.io/v1:Role"
)

func args() *collector.Args {
	return &collector.Args{
		Namespace: "node-agents",
		Pipeline: pipeline.Args{
			Namespace: "shop", Environment: "staging", Cluster: "shop-staging", BufferBytes: 1 << 30,
			Store: pipeline.Store{VictoriaLogs: &pipeline.VictoriaLogs{URL: "http://victoria-logs.monitoring:9428"}},
		},
	}
}

// ofElastic returns a collector that signs in.
func ofElastic() *collector.Args {
	of := args()
	of.Pipeline.Store = pipeline.Store{Elastic: &pipeline.Elastic{
		URL: "https://logs-es-http.monitoring.svc:9200", Username: "collector",
		PasswordVariable: collector.PasswordVariable, CAFile: collector.AuthorityFile,
	}}
	of.Credential = &collector.Credential{Secret: "credential", PasswordKey: "password", AuthorityKey: "ca.crt"}
	return of
}

func built(t *testing.T, of *collector.Args) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if of.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		_, err = collector.New(ctx, "logs-collector", of)
		return err
	})
}

func daemonSet(t *testing.T, recording *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	return recording.Get(t, daemonSetType, "logs-collector-daemonset")
}

func pod(t *testing.T, recording *mocktest.Recording) map[string]any {
	t.Helper()
	spec, _ := daemonSet(t, recording).At("spec", "template", "spec").(map[string]any)
	return spec
}

func container(t *testing.T, recording *mocktest.Recording) map[string]any {
	t.Helper()
	only, _ := mocktest.At(pod(t, recording), "containers", 0).(map[string]any)
	return only
}

func TestItSeesTheServicesPodsAndNothingElse(t *testing.T) {
	recording := built(t, args())
	role := recording.Get(t, roleType, "logs-collector-role")
	assert.Equal(t, "shop", role.At("metadata", "namespace"))
	assert.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"pods"}, "verbs": []any{"get", "list", "watch"},
	}}, role.At("rules"))
	assert.Empty(t, recording.OfType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"))
	binding := recording.Get(t, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "logs-collector-binding")
	assert.Equal(t, []any{map[string]any{
		"kind": "ServiceAccount", "name": "log-collector", "namespace": "node-agents",
	}}, binding.At("subjects"))
	assert.Equal(t, "shop", binding.At("metadata", "namespace"))
}

func TestItHasItsRightsBeforeItsFirstPod(t *testing.T) {
	daemonSet(t, built(t, args())).AssertDependsOn(t, mocktest.EarlierRef,
		mocktest.Ref("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "logs-collector-binding"))
}

func TestItSeesTwoFoldersOfTheNode(t *testing.T) {
	recording := built(t, args())
	assert.Equal(t, []any{
		map[string]any{"name": "lines", "hostPath": map[string]any{"path": "/var/log/pods", "type": "Directory"}},
		map[string]any{
			"name": "state", "hostPath": map[string]any{"path": "/var/lib/dreamseed-logs", "type": "DirectoryOrCreate"},
		},
	}, pod(t, recording)["volumes"].([]any)[1:])
	assert.Contains(t, container(t, recording)["volumeMounts"],
		map[string]any{"name": "lines", "mountPath": "/var/log/pods", "readOnly": true})
	assert.Contains(t, container(t, recording)["volumeMounts"],
		map[string]any{"name": "state", "mountPath": "/var/lib/dreamseed-logs"})
	for _, share := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		assert.Nil(t, pod(t, recording)[share], share)
	}
}

// The owner of a file needs no capability to read it, and root owns those with the lines.
func TestItIsRootWithoutAnyPower(t *testing.T) {
	recording := built(t, args())
	assert.Equal(t, map[string]any{
		"runAsUser": 0, "runAsGroup": 0, "seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}, pod(t, recording)["securityContext"])
	assert.Equal(t, map[string]any{
		"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
		"capabilities": map[string]any{"drop": []any{"ALL"}},
	}, container(t, recording)["securityContext"])
}

func TestItRunsOnEveryNode(t *testing.T) {
	assert.Equal(t, []any{map[string]any{"operator": "Exists"}}, pod(t, built(t, args()))["tolerations"])
	assert.Equal(t, "dreamseed-critical", pod(t, built(t, args()))["priorityClassName"])
}

func TestTwoAtATimeWouldReadEveryLineTwice(t *testing.T) {
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxSurge": 0, "maxUnavailable": "25%"},
	}, daemonSet(t, built(t, args())).At("spec", "updateStrategy"))
}

func TestAnotherConfigurationRollsThePods(t *testing.T) {
	before, changed := built(t, args()), args()
	changed.Pipeline.BufferBytes *= 2
	after := built(t, changed)
	name := func(recording *mocktest.Recording) any {
		return mocktest.At(pod(t, recording), "volumes", 0, "configMap", "name")
	}
	assert.NotEqual(t, name(before), name(after))
	only := before.OfType(configMapType)
	require.Len(t, only, 1)
	assert.Equal(t, name(before), only[0].At("metadata", "name"))
	assert.Equal(t, true, only[0].At("immutable"))
	text, err := pipeline.Collector(args().Pipeline)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"config.yaml": text}, only[0].At("data"))
	assert.Equal(t, []any{
		"--config=/etc/log-collector/config.yaml", "--feature-gates=stanza.synchronousLogEmitter",
	}, container(t, before)["args"])
}

func TestItsMemoryIsBoundedBelowItsLimit(t *testing.T) {
	assert.Equal(t, "512Mi", mocktest.At(container(t, built(t, args())), "resources", "limits", "memory"))
	assert.Contains(t, container(t, built(t, args()))["env"], map[string]any{"name": "GOMEMLIMIT", "value": "410MiB"})
}

func TestItKnowsItsNode(t *testing.T) {
	for variable, field := range map[string]string{"K8S_NODE_NAME": "spec.nodeName", "POD_IP": "status.podIP"} {
		assert.Contains(t, container(t, built(t, args()))["env"], map[string]any{
			"name": variable, "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": field}},
		})
	}
}

func TestAPasswordIsAReferenceAndTheAuthorityAFile(t *testing.T) {
	recording := built(t, ofElastic())
	assert.Contains(t, container(t, recording)["env"], map[string]any{
		"name":      "STORE_PASSWORD",
		"valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "credential", "key": "password"}},
	})
	assert.Contains(t, pod(t, recording)["volumes"], map[string]any{"name": "authority", "secret": map[string]any{
		"secretName": "credential", "defaultMode": 0o400,
		"items": []any{map[string]any{"key": "ca.crt", "path": "ca.crt"}},
	}})
	assert.Contains(t, container(t, recording)["volumeMounts"],
		map[string]any{"name": "authority", "mountPath": "/etc/log-collector-authority", "readOnly": true})
	assert.NotContains(t, mocktest.Names(built(t, args()).OfType("kubernetes:core/v1:Secret")), "credential")
	assert.Len(t, pod(t, built(t, args()))["volumes"], 3, "a store without sign-in needs none of it")
}

func TestAConfigurationThatIsRefusedRegistersNoPod(t *testing.T) {
	recording, err := mocktest.Try(func(ctx *pulumi.Context) error {
		of := args()
		of.Pipeline.Store = pipeline.Store{}
		_, err := collector.New(ctx, "logs-collector", of)
		return err
	})
	require.ErrorContains(t, err, "building the log collector")
	assert.Empty(t, recording.OfType(daemonSetType))
}
