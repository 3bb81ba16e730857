package redis_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/data/store/storetest"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	claimType      = "kubernetes:core/v1:PersistentVolumeClaim"
	deploymentType = "kubernetes:apps/v1:Deployment"
	externalType   = "kubernetes:external-secrets.io/v1:ExternalSecret"
	redisType      = "dreamseed:data:Redis"
	serviceType    = "kubernetes:core/v1:Service"
)

// service returns a service that needs nothing but its share of the cache, if that.
func service(name string, needs bool) catalogue.Service {
	return catalogue.Service{Name: name, Needs: catalogue.Needs{Redis: needs}}
}

func args() *redis.Args {
	return &redis.Args{
		Spec: redis.Default(store.InCluster),
		Environment: store.Environment{
			Services:  []catalogue.Service{service("ai-tutor", true), service("auth", true), service("report", false)},
			Namespace: "dreamseed-test", StorageClass: "encrypted", Protect: true, DeadlineSeconds: 60,
		},
	}
}

func built(t *testing.T, of *redis.Args) (*mocktest.Recording, store.Connections) {
	t.Helper()
	var connections store.Connections
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if of.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		made, err := redis.New(ctx, "redis", of)
		if err == nil {
			connections = made.Connections
		}
		return err
	})
	return recording, connections
}

func deployment(t *testing.T, recording *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	return recording.Get(t, deploymentType, "redis-a-deployment")
}

func TestAServiceThatDeclaresTheNeedGetsOneURL(t *testing.T) {
	recording, connections := built(t, args())
	assert.ElementsMatch(t, []string{"ai-tutor", "auth"}, slices.Collect(maps.Keys(connections)), "and the others nothing")
	tutor := connections["ai-tutor"]
	assert.Equal(t, []secrets.Mounted{{Name: "ai-tutor-service-redis-url", Key: "REDIS_URL"}}, tutor.Files)
	assert.NotEmpty(t, tutor.Ready)
	written := storetest.Written(t, recording)["ai-tutor-service-redis-url"]
	assert.Equal(t, map[string]string{
		"password": storetest.Password("ai-tutor-service-redis-url"),
		"REDIS_URL": "redis://ai-tutor:" + storetest.Password("ai-tutor-service-redis-url") +
			"@redis.dreamseed-test.svc.cluster.local:6379/0",
	}, written)
	assert.Equal(t, "redis", recording.Get(t, serviceType, "redis-service").At("metadata", "name"), "the host of the URL")
}

// Only the pod's own file of users knows of all passwords, and only by their hashes.
func TestNoPasswordIsInTheFileOfUsers(t *testing.T) {
	recording, _ := built(t, args())
	written := storetest.Written(t, recording)
	users := written[composed(t, recording)]["users.acl"]
	require.Contains(t, users, "user auth on #")
	for name, secret := range written {
		if password, drawn := secret["password"]; drawn {
			assert.NotContains(t, users, password, name)
		}
	}
}

// composed returns the name of the Secret with the users.
func composed(t *testing.T, recording *mocktest.Recording) string {
	t.Helper()
	var names []string
	for _, one := range recording.Each(t, externalType) {
		if name := one.At("spec", "target", "name").(string); strings.HasPrefix(name, "redis-users-") {
			names = append(names, name)
		}
	}
	require.Len(t, names, 1)
	return names[0]
}

func TestThePodMountsTheUsersAndNoOtherSecret(t *testing.T) {
	recording, _ := built(t, args())
	key := func(name string) map[string]any {
		return map[string]any{"secret": map[string]any{
			"name": composed(t, recording), "items": []any{map[string]any{"key": name, "path": name}},
		}}
	}
	assert.Equal(t, []any{
		map[string]any{"name": "data", "persistentVolumeClaim": map[string]any{"claimName": "redis-a"}},
		map[string]any{"name": "credentials", "projected": map[string]any{
			"defaultMode": 0o440, "sources": []any{key("users.acl"), key("password")},
		}},
		map[string]any{"name": "scratch", "emptyDir": map[string]any{}},
	}, deployment(t, recording).At("spec", "template", "spec", "volumes"))
	exporter := deployment(t, recording).Container(t, "exporter")
	assert.Nil(t, exporter["volumeMounts"], "the exporter has nothing but its password")
}

// Other users are another Secret, so that the pod rolls onto a file that is surely written.
func TestAnotherUserRestartsThePodOnce(t *testing.T) {
	before, _ := built(t, args())
	more := args()
	more.Services[2].Needs.Redis = true
	after, _ := built(t, more)
	assert.NotEqual(t, composed(t, before), composed(t, after))
	assert.Contains(t, mocktest.Changed(before, after), "redis-a-deployment")
	other := args()
	other.Services[2].Needs.Buckets = []string{"files"}
	again, _ := built(t, other)
	assert.Empty(t, mocktest.Changed(before, again), "another need changes nothing")
}

func TestTheUsersAreWrittenOnceEveryPasswordIs(t *testing.T) {
	recording, _ := built(t, args())
	var drawn []string
	var users *mocktest.Resource
	for _, one := range recording.Each(t, externalType) {
		if one.At("spec", "dataFrom") != nil {
			drawn = append(drawn, one.Ref())
			continue
		}
		users = one
	}
	require.Len(t, drawn, 4, "two services, the probe and the exporter")
	users.AssertDependsOn(t, drawn...)
	deployment(t, recording).AssertDependsOn(t, append(drawn, users.Ref(), mocktest.EarlierRef)...)
}

func TestEveryResourceIsBelowTheComponent(t *testing.T) {
	recording, _ := built(t, args())
	recording.AssertParents(t, "earlier", "redis")
	for _, name := range []string{"redis-a", "redis-service", "redis-auth-secret", "redis-probe-secret"} {
		assert.Contains(t, mocktest.Names(recording.Children(recording.Get(t, redisType, "redis"))), name)
	}
}

func TestTheVolumeIsProtectedAndStays(t *testing.T) {
	for _, protected := range []bool{true, false} {
		of := args()
		of.Protect = protected
		recording, _ := built(t, of)
		claim := recording.Get(t, claimType, "redis-a-claim")
		assert.Equal(t, protected, claim.Protect)
		assert.True(t, claim.RetainOnDelete)
		assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
		assert.Equal(t, "4Gi", claim.At("spec", "resources", "requests", "storage"))
	}
}

func TestAllOfTheMemoryIsRequestedAndThreeFifthsAreForKeys(t *testing.T) {
	of := args()
	of.Spec.Memory = resource.MustParse("1Gi")
	recording, _ := built(t, of)
	one := deployment(t, recording).Container(t, "redis")
	assert.Equal(t, "1Gi", mocktest.At(one, "resources", "requests", "memory"))
	assert.Equal(t, "1Gi", mocktest.At(one, "resources", "limits", "memory"))
	assert.Equal(t, "644245092", setting(t, one, "--maxmemory"))
	assert.Equal(t, "noeviction", setting(t, one, "--maxmemory-policy"))
	assert.Equal(t, "yes", setting(t, one, "--appendonly"))
	assert.Equal(t, "/data", setting(t, one, "--dir"))
}

func setting(t *testing.T, of map[string]any, name string) string {
	t.Helper()
	arguments, _ := of["args"].([]any)
	at := slices.Index(arguments, any(name))
	require.GreaterOrEqual(t, at, 0, name)
	return arguments[at+1].(string)
}

func TestTheExporterSignsInAsItself(t *testing.T) {
	recording, _ := built(t, args())
	one := deployment(t, recording).Container(t, "exporter")
	assert.Equal(t, []any{map[string]any{"name": "metrics", "containerPort": 9121, "protocol": "TCP"}}, one["ports"])
	assert.Equal(t, []any{map[string]any{
		"name":      "REDIS_PASSWORD",
		"valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "redis-exporter", "key": "password"}},
	}}, one["env"])
	assert.Contains(t, one["args"], "--redis.user=exporter")
}

func TestEveryContainerIsRestrictedAndPinned(t *testing.T) {
	recording, _ := built(t, args())
	for name, image := range map[string]string{
		"redis": "docker.io/valkey/valkey:9.1.1", "exporter": "docker.io/oliver006/redis_exporter:v1.86.0",
	} {
		one := deployment(t, recording).Container(t, name)
		assert.Equal(t, image, one["image"])
		assert.Equal(t, map[string]any{
			"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
			"capabilities": map[string]any{"drop": []any{"ALL"}},
		}, one["securityContext"])
		for _, bound := range []string{"requests", "limits"} {
			assert.NotEmpty(t, mocktest.At(one, "resources", bound, "memory"), name)
		}
	}
}

func TestNoSecretPassesThroughTheProgram(t *testing.T) {
	recording, _ := built(t, args())
	for _, one := range recording.Resources {
		assert.NotEqual(t, "kubernetes:core/v1:Secret", one.Type, one.Name)
	}
	text, err := json.Marshal(recording.Resources)
	require.NoError(t, err)
	assert.Contains(t, string(text), "{{ .password }}", "the control: what is registered are templates")
}

func TestTheDemandIsThatOfThePod(t *testing.T) {
	recording, _ := built(t, args())
	demand := args().Spec.Demand()
	assert.Equal(t, 1, demand.Pods)
	for bound, want := range map[string]catalogue.Amounts{"requests": demand.Requests, "limits": demand.Limits} {
		var cpu, memory resource.Quantity
		for _, name := range []string{"redis", "exporter"} {
			one := deployment(t, recording).Container(t, name)
			cpu.Add(resource.MustParse(mocktest.At(one, "resources", bound, "cpu").(string)))
			memory.Add(resource.MustParse(mocktest.At(one, "resources", bound, "memory").(string)))
		}
		assert.Zero(t, cpu.Cmp(want.CPU), bound)
		assert.Zero(t, memory.Cmp(want.Memory), bound)
	}
	external := redis.Default(store.External)
	assert.Zero(t, external.Demand().Pods)
	assert.Empty(t, external.Volumes())
	assert.Equal(t, []resource.Quantity{resource.MustParse("4Gi")}, args().Spec.Volumes())
}
