package gke_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheAPIServerIsPrivateUnlessRangesAreNamed(t *testing.T) {
	private, _ := build(t, production())
	plane := private.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, map[string]any{
		"enablePrivateNodes": true, "enablePrivateEndpoint": true, "masterIpv4CidrBlock": "10.2.0.0/28",
	}, plane.At("privateClusterConfig"))
	assert.Equal(t, []any{}, plane.At("masterAuthorizedNetworksConfig", "cidrBlocks"), "left out, everybody may come")

	spec := production()
	spec.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	public, _ := build(t, spec)
	plane = public.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("privateClusterConfig", "enablePrivateNodes"), "the nodes stay private")
	assert.Equal(t, false, plane.At("privateClusterConfig", "enablePrivateEndpoint"))
	assert.Equal(t, []any{map[string]any{"cidrBlock": "203.0.113.0/24"}},
		plane.At("masterAuthorizedNetworksConfig", "cidrBlocks"))
	assert.Equal(t, false, plane.At("masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"),
		"a range of Google's is a range of everybody's")
}

func TestTheControlPlaneIsHardened(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	for reason, c := range map[string]struct {
		want any
		path []any
	}{
		"pods are separated by eBPF":   {"ADVANCED_DATAPATH", []any{"datapathProvider"}},
		"nodes prove what they booted": {true, []any{"enableShieldedNodes"}},
		"no permissions beside RBAC":   {false, []any{"enableLegacyAbac"}},
		"no static credential": {
			false, []any{"masterAuth", "clientCertificateConfig", "issueClientCertificate"},
		},
		"service accounts have identities": {
			"dreamseed-project.svc.id.goog", []any{"workloadIdentityConfig", "workloadPool"},
		},
		"weak settings are pointed out":    {"BASIC", []any{"securityPostureConfig", "mode"}},
		"namespaces know what they cost":   {true, []any{"costManagementConfig", "enabled"}},
		"upgrades come by themselves":      {"REGULAR", []any{"releaseChannel", "channel"}},
		"the version is the configuration": {"1.35", []any{"minMasterVersion"}},
		"who asked what is on record": {
			[]any{"SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"},
			[]any{"loggingConfig", "enableComponents"},
		},
	} {
		assert.Equal(t, c.want, plane.At(c.path...), reason)
	}
}

func TestMaintenanceIsAtNightOnWeekends(t *testing.T) {
	built, _ := build(t, production())
	assert.Equal(t, map[string]any{
		"startTime": "2024-01-06T01:00:00Z", "endTime": "2024-01-06T05:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
	}, built.Get(t, clusterType, "cluster-cluster").At("maintenancePolicy", "recurringWindow"))
}

func TestSecretsAreEncryptedWithTheKeyThatGKEMayUse(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, map[string]any{"state": "ENCRYPTED", "keyName": key}, plane.At("databaseEncryption"))
	assert.Equal(t, "7776000s", built.Get(t, "gcp:kms/cryptoKey:CryptoKey", "cluster-key").At("rotationPeriod"))
	for role, agent := range map[string]string{
		"database": "serviceAccount:service-123456789012@container-engine-robot.iam.gserviceaccount.com",
		"disks":    "serviceAccount:service-123456789012@compute-system.iam.gserviceaccount.com",
	} {
		grant := built.Get(t, keyGrantType, "cluster-key-"+role)
		assert.Equal(t, map[string]any{
			"cryptoKeyId": key, "member": agent, "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
		}, grant.Inputs)
		plane.AssertDependsOn(t, grant.Ref())
	}
}

func TestNoDefaultPoolStays(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("removeDefaultNodePool"))
	pool := built.Get(t, poolType, "cluster-pool-on-demand")
	for _, setting := range []string{"serviceAccount", "oauthScopes", "bootDiskKmsKey", "shieldedInstanceConfig"} {
		require.NotNil(t, pool.At("nodeConfig", setting), setting)
		assert.Equal(t, pool.At("nodeConfig", setting), plane.At("nodeConfig", setting), "while it exists: %s", setting)
	}
	assert.Equal(t, []string{"nodeConfig"}, plane.IgnoreChanges, "what GKE says of other pools replaces no cluster")
}

// The network policies depend on these add-ons. GKE's defaults change with its versions.
func TestTheAddonsAreThoseThatThePlatformReliesOn(t *testing.T) {
	built, _ := build(t, production())
	assert.Equal(t, map[string]any{
		"dnsCacheConfig":                   map[string]any{"enabled": true},
		"gcePersistentDiskCsiDriverConfig": map[string]any{"enabled": true},
		"horizontalPodAutoscaling":         map[string]any{"disabled": false},
		"httpLoadBalancing":                map[string]any{"disabled": false},
		"networkPolicyConfig":              map[string]any{"disabled": true},
	}, built.Get(t, clusterType, "cluster-cluster").At("addonsConfig"))
}

func TestThePublicKubeconfigHoldsNoCredentialEither(t *testing.T) {
	spec := production()
	spec.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	built, _ := build(t, spec)
	kubeconfig := built.Get(t, providerType, "cluster-kubernetes").At("kubeconfig").(string)
	mocktest.AssertExecKubeconfig(t, kubeconfig, spec.Identity(), "gke-gcloud-auth-plugin",
		"--use_application_default_credentials")
}
