package platform_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// backend describes a secret backend as far as the suite below depends on it.
type backend struct {
	name config.SecretBackend
	// kind is the kind from which a Secret is written, and condition reports that it was.
	kind, condition string
	// named is the suffix of the logical name of one of a service's secrets, before its key.
	named string
	// given holds the values in the configuration: sealed ones, or none.
	given catalogue.Secret
}

var secretBackends = []backend{
	{config.ExternalSecrets, customExternal, "condition=Ready", "-secrets-read-", catalogue.Secret{}},
	{config.SealedSecrets, customSealed, "condition=Synced", "-secrets-", catalogue.Secret{Sealed: "c2VhbGVk"}},
}

// eachBackend runs the test for every service of staging with both backends. One service has a secret of its own.
func eachBackend(t *testing.T, test func(*testing.T, backend, *config.Config, *mocktest.Recording, workload)) {
	t.Helper()
	for _, b := range secretBackends {
		cfg := stackConfig(t, "staging")
		cfg.Secrets.Backend = b.name
		for _, one := range cfg.Services {
			for key := range one.Secrets {
				one.Secrets[key] = b.given
			}
		}
		service(t, cfg, "payment").Secrets["API_KEY"] = b.given
		built := build(t, cfg)
		for _, one := range cfg.Services {
			t.Run(fmt.Sprint(b.name, "/", one.Name), func(t *testing.T) {
				test(t, b, cfg, built, workloadOf(t, built, one))
			})
		}
	}
}

// sources returns the objects from which the Secrets of a service are written.
func sources(t *testing.T, b backend, built *mocktest.Recording, service string) []*mocktest.Resource {
	t.Helper()
	var found []*mocktest.Resource
	for _, child := range built.Children(built.Get(t, secretsComponent, service+"-secrets")) {
		if child.Type == b.kind {
			found = append(found, child)
		}
	}
	require.NotEmpty(t, found)
	return found
}

func TestEverySecretOfAServiceIsAFile(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, cfg *config.Config, built *mocktest.Recording, w workload) {
		assert.Contains(t, w.container["volumeMounts"],
			map[string]any{"name": "secrets", "mountPath": "/app/secrets", "readOnly": true})
		written := map[string]bool{}
		for _, source := range sources(t, b, built, w.Name) {
			written[source.At("metadata", "name").(string)] = true
		}
		var files []string
		for _, from := range secretVolume(t, w.pod)["sources"].([]any) {
			if mocktest.At(from, "configMap") != nil {
				continue // it is no secret
			}
			assert.True(t, written[mocktest.At(from, "secret", "name").(string)], "a Secret that an operator writes")
			for _, item := range mocktest.At(from, "secret", "items").([]any) {
				assert.Equal(t, mocktest.At(item, "key"), mocktest.At(item, "path"))
				files = append(files, mocktest.At(item, "key").(string))
			}
		}
		assert.ElementsMatch(t, service(t, cfg, w.Name).SecretKeys(), files)
		assert.Equal(t, 0o440, secretVolume(t, w.pod)["defaultMode"], "the pods' group reads, nobody writes")
	})
}

// What is no secret is a file beside them, and comes from the ConfigMap.
func TestAServiceFindsTheBucketsOfACloud(t *testing.T) {
	endpoints := map[cluster.Cloud]string{
		cluster.GKE: `^https://storage\.googleapis\.com$`,
		cluster.EKS: `^https://s3\.[a-z0-9-]+\.amazonaws\.com$`,
		cluster.AKS: `^https://st[a-z0-9]+\.blob\.core\.windows\.net$`,
	}
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		want := map[string]any{}
		if cfg.Data.Objects.Mode == store.Managed && w.Needs.Objects() {
			want["OBJECT_STORAGE_ENDPOINT"] = w.configMap.At("data", "OBJECT_STORAGE_ENDPOINT")
			assert.Regexp(t, endpoints[cfg.Cluster.Cloud], want["OBJECT_STORAGE_ENDPOINT"])
		}
		assert.Equal(t, want, plainFiles(t, w.pod, w.configMap))
	})
}

// plainFiles returns the content of the files in the volume with the secrets that come from a ConfigMap.
func plainFiles(t *testing.T, pod any, from *mocktest.Resource) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, source := range secretVolume(t, pod)["sources"].([]any) {
		items, _ := mocktest.At(source, "configMap", "items").([]any)
		for _, item := range items {
			assert.Equal(t, from.At("metadata", "name"), mocktest.At(source, "configMap", "name"))
			key := mocktest.At(item, "key").(string)
			assert.Equal(t, key, mocktest.At(item, "path"))
			found[key] = from.At("data", key)
		}
	}
	return found
}

// secretVolume returns the volume with the secrets.
func secretVolume(t *testing.T, pod any) map[string]any {
	t.Helper()
	for _, volume := range mocktest.At(pod, "volumes").([]any) {
		if mocktest.At(volume, "name") == "secrets" {
			return mocktest.At(volume, "projected").(map[string]any)
		}
	}
	require.Fail(t, "no volume with secrets")
	return nil
}

func TestAMigrationSeesTheDatabasesURLAndNoOtherSecret(t *testing.T) {
	eachBackend(t, func(t *testing.T, _ backend, _ *config.Config, built *mocktest.Recording, w workload) {
		pod := migration(t, built, w.Name).At("spec", "template", "spec")
		from := secretVolume(t, pod)["sources"].([]any)
		require.Len(t, from, 1, "and no other secret")
		assert.Equal(t, []any{map[string]any{"key": "DATABASE_URL", "path": "DATABASE_URL"}},
			mocktest.At(from[0], "secret", "items"))
		assert.Contains(t, mocktest.At(pod, "containers", 0, "volumeMounts"),
			map[string]any{"name": "secrets", "mountPath": "/app/secrets", "readOnly": true})
	})
}

func TestNothingRunsBeforeItsSecretsAreWritten(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, cfg *config.Config, built *mocktest.Recording, w workload) {
		for _, source := range sources(t, b, built, w.Name) {
			assert.Equal(t, b.condition, source.At("metadata", "annotations", "pulumi.com/waitFor"))
			assert.Equal(t, cfg.RolloutDeadlineSeconds, seconds(t, source.CreateTimeout))
			assert.Equal(t, cfg.RolloutDeadlineSeconds, seconds(t, source.UpdateTimeout))
			w.deployment.AssertDependsOn(t, source.Ref())
			migration(t, built, w.Name).AssertDependsOn(t, source.Ref())
		}
	})
}

// Otherwise one service without its secret would hold up all of them.
func TestNoServiceWaitsForTheSecretsOfAnother(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, cfg *config.Config, built *mocktest.Recording, w workload) {
		for _, other := range cfg.Services {
			if other.Name == w.Name {
				continue
			}
			for _, source := range sources(t, b, built, other.Name) {
				assert.NotContains(t, w.deployment.Dependencies, source.Ref())
				assert.NotContains(t, migration(t, built, w.Name).Dependencies, source.Ref())
			}
		}
	})
}

// Before its operator runs, nothing would write the Secret; when everything is destroyed, the Secret goes first.
func TestSecretsWaitForTheirOperatorAndTheirNamespace(t *testing.T) {
	operators := map[config.SecretBackend]string{
		config.ExternalSecrets: "external-secrets-release", config.SealedSecrets: "sealed-secrets-release",
	}
	eachBackend(t, func(t *testing.T, b backend, _ *config.Config, built *mocktest.Recording, w workload) {
		for _, source := range sources(t, b, built, w.Name) {
			source.AssertDependsOn(t, mocktest.Ref(releaseType, operators[b.name]),
				mocktest.Ref(namespaceType, "services-namespace"))
		}
	})
}

// The engine does not wait for unchanged objects: a value that was lost since the last release would let the next one
// pass.
func TestAnotherImageHasItsSecretsJudgedAnew(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, cfg *config.Config, built *mocktest.Recording, w workload) {
		before := service(t, cfg, w.Name).Image
		service(t, cfg, w.Name).Image = catalogueImage(w.Name)
		released := build(t, cfg)
		service(t, cfg, w.Name).Image = before
		changed := mocktest.Changed(built, released)
		for _, source := range sources(t, b, built, w.Name) {
			assert.Contains(t, changed, source.Name)
		}
	})
}

// catalogueImage returns another image of a service.
func catalogueImage(service string) string {
	return service + "-service@sha256:" + strings.Repeat("0123456789abcdef", 4)
}

func TestNoSecretIsMadeByTheProgramItself(t *testing.T) {
	eachBackend(t, func(t *testing.T, _ backend, _ *config.Config, built *mocktest.Recording, _ workload) {
		assert.Empty(t, built.OfType(secretType), "its value would be in the state")
	})
}

// The annotations that control the engine do not belong on a Secret.
func TestTheSecretItselfCarriesLabelsAlone(t *testing.T) {
	paths := map[config.SecretBackend][]any{
		config.ExternalSecrets: {"spec", "target", "template", "metadata"},
		config.SealedSecrets:   {"spec", "template", "metadata"},
	}
	eachBackend(t, func(t *testing.T, b backend, _ *config.Config, built *mocktest.Recording, w workload) {
		for _, source := range sources(t, b, built, w.Name) {
			assert.Equal(t, map[string]any{"labels": map[string]any{
				"app.kubernetes.io/name": w.Name + "-service", "app.kubernetes.io/part-of": "dreamseed",
			}}, source.At(paths[b.name]...))
		}
	})
}

func TestTheReaderOfAServiceIsNoPodAndReadsItsOwnSecrets(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload) {
		if cfg.Data.Draws() {
			return // nothing is read: the stores' passwords are drawn
		}
		account := built.Get(t, accountType, w.Name+"-secrets-account")
		assert.Equal(t, w.Name+"-secrets", account.At("metadata", "name"))
		assert.Equal(t, false, account.At("automountServiceAccountToken"))
		assert.NotEqual(t, account.At("metadata", "name"), w.pod["serviceAccountName"])
		store := built.Get(t, customStore, w.Name+"-secrets-store")
		store.AssertDependsOn(t, account.Ref())
		assert.Equal(t, "condition=Ready", store.At("metadata", "annotations", "pulumi.com/waitFor"))
		assert.Contains(t, text(t, store.At("spec", "provider")), `"`+w.Name+`-secrets"`, "it reads as the account")

		read := built.Get(t, customExternal, w.Name+"-secrets-read-DATABASE_URL")
		read.AssertDependsOn(t, store.Ref())
		assert.Equal(t, map[string]any{"kind": "SecretStore", "name": w.Name + "-secrets"}, read.At("spec", "secretStoreRef"))
		for _, data := range read.At("spec", "data").([]any) {
			name := mocktest.At(data, "remoteRef", "key").(string)
			assert.True(t, strings.HasPrefix(name, cfg.Cluster.Name+"-"+w.Name+"-"), name)
		}
	})
}

func TestAnExternalSecretIsLookedAtAgainAndKeepsWhatItHas(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload) {
		if cfg.Data.Draws() {
			return
		}
		read := built.Get(t, customExternal, w.Name+"-secrets-read-DATABASE_URL")
		every := time.Duration(cfg.Secrets.RefreshSeconds) * time.Second
		assert.Equal(t, every.String(), read.At("spec", "refreshInterval"))
		assert.Equal(t, "Owner", read.At("spec", "target", "creationPolicy"), "its Secret goes with it")
		assert.Equal(t, "Retain", read.At("spec", "target", "deletionPolicy"), "and not with the value")
	})
}

func TestAGeneratedSecretIsDrawnOnceByTheOperator(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		drawn := built.Get(t, customExternal, "auth-secrets-TOKEN_SIGNING_KEY")
		generator := built.Get(t, "kubernetes:generators.external-secrets.io/v1alpha1:Password",
			"auth-secrets-TOKEN_SIGNING_KEY-password")
		drawn.AssertDependsOn(t, generator.Ref())
		assert.Equal(t, true, drawn.At("spec", "target", "immutable"))
		assert.Equal(t, "Orphan", drawn.At("spec", "target", "creationPolicy"))
		assert.Equal(t, generator.At("metadata", "name"),
			mocktest.At(drawn.At("spec", "dataFrom"), 0, "sourceRef", "generatorRef", "name"))
		assert.Equal(t, 64, generator.At("spec", "length"))
		assert.Nil(t, drawn.At("spec", "secretStoreRef"), "nobody else knows it")
	})
}

// Existing secrets stay as they are: a generated value would change, and a run that fails because of the further key
// could not be reverted.
func TestAFurtherSecretChangesNoOther(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, cfg *config.Config, built *mocktest.Recording, w workload) {
		if w.Name != "payment" {
			return
		}
		delete(service(t, cfg, "payment").Secrets, "API_KEY")
		var changed []string
		for _, one := range mocktest.Changed(build(t, cfg), built) {
			if "payment"+b.named+"API_KEY" != one && strings.HasPrefix(one, "payment-secrets-") {
				changed = append(changed, one)
			}
		}
		assert.Empty(t, changed)
	})
}

func TestASealedSecretHasTheNameThatItsValuesAreSealedFor(t *testing.T) {
	eachBackend(t, func(t *testing.T, b backend, _ *config.Config, built *mocktest.Recording, w workload) {
		if b.name != config.SealedSecrets {
			return
		}
		sealed := built.Get(t, customSealed, w.Name+"-secrets-DATABASE_URL")
		assert.Equal(t, w.Name+"-service-sealed-database-url", sealed.At("metadata", "name"))
		assert.Equal(t, "dreamseed-staging", sealed.At("metadata", "namespace"))
		for key, value := range sealed.At("spec", "encryptedData").(map[string]any) {
			assert.Equal(t, "c2VhbGVk", value, key)
		}
	})
}

// sealing returns staging on its first run with sealed secrets.
func sealing(t *testing.T) *mocktest.Recording {
	t.Helper()
	cfg := stackConfig(t, "staging")
	cfg.Secrets.Backend, cfg.Secrets.Bootstrap = config.SealedSecrets, true
	return build(t, cfg)
}

func TestNothingRunsUntilThereIsSomethingToSealWith(t *testing.T) {
	built := sealing(t)
	assert.NotNil(t, built.Get(t, releaseType, "sealed-secrets-release"), "it makes the key")
	for _, of := range []string{serviceComponent, secretsComponent, "kubernetes:networking.k8s.io/v1:Ingress"} {
		assert.Empty(t, built.OfType(of), of)
	}
}

// The operator package tests the values that the charts render.
func TestTheOperatorsOfSecretsServeTheNamespacesWithSecretsAlone(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		release := built.Get(t, releaseType, "external-secrets-release")
		assert.Equal(t, "dreamseed-"+string(cfg.Environment), release.At("values", "scopedNamespace"))
		assert.Equal(t, true, release.At("values", "scopedRBAC"))
		further := built.Get(t, releaseType, "external-secrets-monitoring-release")
		assert.Equal(t, "dreamseed-monitoring", further.At("values", "scopedNamespace"))
		assert.Equal(t, true, further.At("values", "scopedRBAC"))
		assert.Equal(t, false, further.At("values", "installCRDs"), "the first release has them")
		assert.NotEqual(t, release.At("namespace"), further.At("namespace"),
			"both lead by a Lease of one name, and one would wait for ever")
	})
	release := sealing(t).Get(t, releaseType, "sealed-secrets-release")
	assert.Equal(t, []any{"sealed-secrets", "dreamseed-staging", "dreamseed-monitoring"},
		release.At("values", "additionalNamespaces"))
}

func TestEachOperatorIsInItsOwnNamespace(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		for _, name := range installed(cfg) {
			home := built.Get(t, namespaceType, name+"-namespace")
			release := built.Get(t, releaseType, name+"-release")
			assert.Equal(t, home.At("metadata", "name"), release.At("namespace"), "where it is bounded")
			release.AssertDependsOn(t, home.Ref())
		}
	})
}
