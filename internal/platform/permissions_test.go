package platform_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/permissions"
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

// permittedCloud is a cloud whose permissions are documented.
type permittedCloud struct {
	// table is the file of the needed permissions, standIn the stand-in with every function that the program calls.
	table   string
	standIn standin.Cloud
	// granted returns the permissions that docs/clouds grants to the identity that runs Pulumi in an environment.
	granted func(t *testing.T, content []byte, spec *cluster.Spec) permissions.Grants
}

var permitted = map[cluster.Cloud]permittedCloud{
	cluster.GKE: {"gcp", gcp.Cloud(), func(t *testing.T, content []byte, spec *cluster.Spec) permissions.Grants {
		t.Helper()
		granted, err := permissions.ReadProjectRoles(content)
		require.NoError(t, err)
		return granted.In(spec.Account)
	}},
	cluster.EKS: {"aws", aws.Cloud(), func(t *testing.T, content []byte, spec *cluster.Spec) permissions.Grants {
		t.Helper()
		granted, err := permissions.ReadPolicies(content)
		require.NoError(t, err)
		return granted.In(map[string]string{
			"ACCOUNT": account(spec), "REGION": spec.Region, "ENVIRONMENT": spec.Name,
			"ZONE": spec.DNS.Zone, "HOST": spec.DNS.Host,
		})
	}},
	cluster.AKS: {"azure", azurenative.Cloud(), func(t *testing.T, content []byte, spec *cluster.Spec) permissions.Grants {
		t.Helper()
		granted, err := permissions.ReadAssignments(content)
		require.NoError(t, err)
		return granted.In(spec.Account)
	}},
}

// account returns the account that owns the resources. The stand-in for AWS creates all of them in one account,
// whichever is configured.
func account(spec *cluster.Spec) string {
	if spec.Cloud == cluster.EKS {
		return "123456789012"
	}
	return spec.Account
}

// eachEnvironmentOn runs the test against every environment on a cloud.
func eachEnvironmentOn(
	t *testing.T, cloud cluster.Cloud, test func(t *testing.T, cfg *config.Config, built *mocktest.Recording),
) {
	t.Helper()
	seen := 0
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		if cfg.Cluster.Cloud == cloud {
			seen++
			test(t, cfg, built)
		}
	})
	require.NotZero(t, seen, cloud)
}

// aliased are the environments with further names, by cloud: no tracked stack has one.
var aliased = map[cluster.Cloud]string{
	cluster.GKE: "production", cluster.EKS: "production-eks", cluster.AKS: "production-aks",
}

// ofTheCloud returns the resources that a provider creates in the cloud, without the providers themselves.
func ofTheCloud(built *mocktest.Recording, cloud cluster.Cloud) []*mocktest.Resource {
	var found []*mocktest.Resource
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, permitted[cloud].standIn.Package+":") {
			found = append(found, one)
		}
	}
	return found
}

func neededOn(t *testing.T, cloud cluster.Cloud) *permissions.Needs {
	t.Helper()
	needs, err := permissions.Load(permitted[cloud].table)
	require.NoError(t, err)
	return needs
}

// The registered resources decide which needs the table must list: it gains an entry with a new type and loses the
// entry of a removed one.
func TestItIsKnownWhatEveryResourceNeedsInItsCloud(t *testing.T) {
	for cloud := range permitted {
		needs := neededOn(t, cloud)
		registered := map[string]bool{}
		eachEnvironmentOn(t, cloud, func(_ *testing.T, _ *config.Config, built *mocktest.Recording) {
			for _, one := range ofTheCloud(built, cloud) {
				registered[one.Type] = true
			}
		})
		table := "internal/permissions/needs/" + permitted[cloud].table + ".yaml"
		for token := range registered {
			_, known := needs.Resources[token]
			assert.True(t, known, "%s lacks the type %s, which a stack registers", table, token)
		}
		for token := range needs.Resources {
			assert.True(t, registered[token], "%s has the type %s, which no stack registers", table, token)
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(permitted[cloud].standIn.Functions)),
			slices.Collect(maps.Keys(needs.Functions)), "%s has the functions that the program calls", table)
	}
}

// A need of an input that no resource has would never be requested.
func TestEveryNeedIsAsked(t *testing.T) {
	for cloud := range permitted {
		needs := neededOn(t, cloud)
		once := map[string]bool{}
		eachEnvironmentOn(t, cloud, func(_ *testing.T, cfg *config.Config, built *mocktest.Recording) {
			for _, one := range ofTheCloud(built, cloud) {
				for i, need := range needs.Resources[one.Type].Needs {
					for j := range max(len(need.Where), 1) {
						if len(placeOf(need, j).Requests(valuesOf(cfg, one))) > 0 {
							once[fmt.Sprint(one.Type, i, j)] = true
						}
					}
				}
			}
		})
		for token, entry := range needs.Resources {
			for i, need := range entry.Needs {
				for j := range max(len(need.Where), 1) {
					assert.True(t, once[fmt.Sprint(token, i, j)], "%s: no resource has what this names: %v", token, placeOf(need, j))
				}
			}
		}
	}
}

// placeOf returns the need in only one of its places.
func placeOf(need permissions.Need, at int) permissions.Need {
	if len(need.Where) > 0 {
		need.Where = need.Where[at : at+1]
	}
	return need
}

func valuesOf(cfg *config.Config, one *mocktest.Resource) permissions.Values {
	return permissions.ValuesOf(one.Inputs, map[string]string{
		"account": account(&cfg.Cluster), "region": cfg.Cluster.Region,
	})
}

// The permissions in docs/clouds suffice to build, change and destroy every environment, and allow nothing else.
func TestWhoeverRunsPulumiIsGrantedWhatTheStacksNeedAndNothingElse(t *testing.T) {
	for cloud, about := range permitted {
		needs := neededOn(t, cloud)
		content, err := os.ReadFile(fmt.Sprintf("../../docs/clouds/%s/permissions.yaml", cloud))
		require.NoError(t, err)
		var audit permissions.Audit
		var granted permissions.Grants
		eachEnvironmentOn(t, cloud, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
			granted = about.granted(t, content, &cfg.Cluster)
			for _, request := range requests(needs, cfg, ofTheCloud(built, cloud)) {
				audit.Hear(granted, request)
			}
		})
		cfg, built := withGrafana(t, aliased[cloud])
		granted = about.granted(t, content, &cfg.Cluster)
		for _, request := range requests(needs, cfg, ofTheCloud(built, cloud)) {
			audit.Hear(granted, request)
		}
		assert.Empty(t, audit.Refused, "docs/clouds/%s/permissions.yaml does not grant these", cloud)
		assert.Empty(t, audit.Unneeded(granted), "docs/clouds/%s/permissions.yaml grants these in vain", cloud)
	}
}

// requests returns every request to a cloud for an environment.
func requests(needs *permissions.Needs, cfg *config.Config, resources []*mocktest.Resource) []permissions.Request {
	var all []permissions.Request
	ask := func(entry permissions.Entry, of *mocktest.Resource) {
		for _, need := range entry.Needs {
			all = append(all, need.Requests(valuesOf(cfg, of))...)
		}
	}
	nobody := &mocktest.Resource{}
	ask(needs.Provider, nobody)
	for _, entry := range needs.Functions {
		ask(entry, nobody)
	}
	for _, entry := range needs.Steps {
		ask(entry, nobody)
	}
	for _, one := range resources {
		ask(needs.Resources[one.Type], one)
	}
	return all
}
