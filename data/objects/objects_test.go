package objects_test

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

	"github.com/dreamseed/platform/data/objects"
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
	jobType        = "kubernetes:batch/v1:Job"
	objectsType    = "dreamseed:data:Objects"
	serviceType    = "kubernetes:core/v1:Service"
)

func service(name string, buckets ...string) catalogue.Service {
	return catalogue.Service{Name: name, Needs: catalogue.Needs{Buckets: buckets}}
}

func args() *objects.Args {
	return &objects.Args{
		Spec: objects.Default(store.InCluster), BackupDays: 30,
		Environment: store.Environment{
			Namespace: "dreamseed-test", StorageClass: "encrypted", Protect: true, DeadlineSeconds: 60,
			Services: []catalogue.Service{
				service("auth"), service("content", "media"), service("user", "avatars", "exports"),
			},
		},
	}
}

func built(t *testing.T, of *objects.Args) (*mocktest.Recording, *objects.Objects) {
	t.Helper()
	var made *objects.Objects
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if of.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		made, err = objects.New(ctx, "objects", of)
		return err
	})
	return recording, made
}

func deployment(t *testing.T, recording *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	return recording.Get(t, deploymentType, "objects-a-deployment")
}

func job(t *testing.T, recording *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	jobs := recording.OfType(jobType)
	require.Len(t, jobs, 1)
	return jobs[0]
}

// composed returns the name of the Secret with the identities.
func composed(t *testing.T, recording *mocktest.Recording) string {
	t.Helper()
	for _, one := range recording.Each(t, externalType) {
		if name := one.At("spec", "target", "name").(string); strings.HasPrefix(name, "objects-identities-") {
			return name
		}
	}
	require.Fail(t, "no Secret has the identities")
	return ""
}

func TestAServiceThatDeclaresBucketsGetsAKey(t *testing.T) {
	recording, made := built(t, args())
	assert.ElementsMatch(t, []string{"content", "user"}, slices.Collect(maps.Keys(made.Connections)))
	user := made.Connections["user"]
	assert.Equal(t, []secrets.Mounted{
		{Name: "user-service-object-storage", Key: "OBJECT_STORAGE_ACCESS_KEY_ID"},
		{Name: "user-service-object-storage", Key: "OBJECT_STORAGE_ENDPOINT"},
		{Name: "user-service-object-storage", Key: "OBJECT_STORAGE_SECRET_ACCESS_KEY"},
	}, user.Files)
	assert.NotEmpty(t, user.Ready)
	assert.Equal(t, map[string]string{
		"OBJECT_STORAGE_ENDPOINT":          "http://objects.dreamseed-test.svc.cluster.local:8333",
		"OBJECT_STORAGE_ACCESS_KEY_ID":     "user",
		"OBJECT_STORAGE_SECRET_ACCESS_KEY": storetest.Password("user-service-object-storage"),
	}, storetest.Written(t, recording)["user-service-object-storage"])
	named := recording.Get(t, serviceType, "objects-service")
	assert.Equal(t, "objects", named.At("metadata", "name"), "the host of the endpoint")
}

func TestBackupsHaveABucketAndAKeyOfTheirOwn(t *testing.T) {
	recording, made := built(t, args())
	written := storetest.Written(t, recording)[made.Backups.Secret]
	assert.Equal(t, made.Backups.Endpoint, written["OBJECT_STORAGE_ENDPOINT"])
	assert.Equal(t, "backups", made.Backups.Bucket)
	require.Len(t, made.Backups.Files, 3)
	for _, file := range made.Backups.Files {
		assert.Equal(t, made.Backups.Secret, file.Name)
		assert.NotEmpty(t, written[file.Key])
	}
	assert.Len(t, made.Backups.Ready, len(made.Objects))
}

// identity is an entry of the file that SeaweedFS reads.
type identity struct {
	Name        string
	Credentials []struct{ AccessKey, SecretKey string }
	Actions     []string
}

func TestAnIdentityMayUseItsOwnBucketsAlone(t *testing.T) {
	recording, _ := built(t, args())
	written := storetest.Written(t, recording)
	var config struct{ Identities []identity }
	require.NoError(t, json.Unmarshal([]byte(written[composed(t, recording)]["s3.json"]), &config))
	actions := map[string][]string{}
	for _, one := range config.Identities {
		actions[one.Name] = one.Actions
		require.Len(t, one.Credentials, 1)
		assert.Equal(t, one.Name, one.Credentials[0].AccessKey)
		assert.Contains(t, one.Credentials[0].SecretKey, "PasswordOf", one.Name)
	}
	on := func(buckets ...string) []string {
		var all []string
		for _, bucket := range buckets {
			all = append(all, "Read:"+bucket, "Write:"+bucket, "List:"+bucket, "Tagging:"+bucket)
		}
		return all
	}
	assert.Equal(t, map[string][]string{
		"admin": {"Admin"}, "backups": on("backups"), "content": on("content-media"),
		"user": on("user-avatars", "user-exports"),
	}, actions)
}

// Other identities are another Secret, so that the pod rolls onto a file that is surely written.
func TestAnotherBucketRestartsThePodOnce(t *testing.T) {
	before, _ := built(t, args())
	more := args()
	more.Services[0].Needs.Buckets = []string{"keys"}
	after, _ := built(t, more)
	assert.NotEqual(t, composed(t, before), composed(t, after))
	assert.Contains(t, mocktest.Changed(before, after), "objects-a-deployment")
	assert.NotEqual(t, job(t, before).At("metadata", "name"), job(t, after).At("metadata", "name"))
	other := args()
	other.Services[0].Needs.Redis = true
	again, _ := built(t, other)
	assert.Empty(t, mocktest.Changed(before, again), "another need changes nothing")
}

func TestEverythingWaitsForWhatItNeeds(t *testing.T) {
	recording, made := built(t, args())
	var drawn []string
	var identities *mocktest.Resource
	for _, one := range recording.Each(t, externalType) {
		if one.At("spec", "dataFrom") != nil {
			drawn = append(drawn, one.Ref())
			continue
		}
		identities = one
	}
	require.Len(t, drawn, 4, "two services, the backups and the administrator")
	identities.AssertDependsOn(t, drawn...)
	pod := deployment(t, recording)
	pod.AssertDependsOn(t, append(drawn, identities.Ref(), mocktest.EarlierRef)...)
	job(t, recording).AssertDependsOn(t, pod.Ref())
	assert.NotEmpty(t, made.Connections["user"].Ready)
}

func TestEveryResourceIsBelowTheComponent(t *testing.T) {
	recording, _ := built(t, args())
	recording.AssertParents(t, "earlier", "objects")
	children := mocktest.Names(recording.Children(recording.Get(t, objectsType, "objects")))
	for _, name := range []string{"objects-a", "objects-service", "objects-user-secret", job(t, recording).Name} {
		assert.Contains(t, children, name)
	}
}

func TestTheVolumeIsProtectedAndStays(t *testing.T) {
	for _, protected := range []bool{true, false} {
		of := args()
		of.Protect = protected
		recording, _ := built(t, of)
		claim := recording.Get(t, claimType, "objects-a-claim")
		assert.Equal(t, protected, claim.Protect)
		assert.True(t, claim.RetainOnDelete)
		assert.Equal(t, "encrypted", claim.At("spec", "storageClassName"))
		assert.Equal(t, "20Gi", claim.At("spec", "resources", "requests", "storage"))
	}
}

// Uploads fail once every volume file is taken: each bucket opens seven.
func TestThereAreVolumeFilesForEveryBucket(t *testing.T) {
	recording, _ := built(t, args())
	assert.Contains(t, deployment(t, recording).Container(t, "objects")["args"], "-volume.max=55",
		"20 that fill the claim, and 7 of each of the three buckets, the backups and the store's own log")
}

// The master, the volumes and the filer ask nobody for a key.
func TestOnlyWhatAsksForAKeyAndTheMetricsListen(t *testing.T) {
	recording, _ := built(t, args())
	arguments := deployment(t, recording).Container(t, "objects")["args"]
	for _, one := range []string{
		"-ip.bind=127.0.0.1", "-s3.ip.bind=0.0.0.0", "-metricsIp=0.0.0.0", "-s3.port.iceberg=0", "-s3.port.lance=0",
		"-s3.iam=false", "-master.telemetry=false",
	} {
		assert.Contains(t, arguments, one)
	}
	assert.Equal(t, []any{
		map[string]any{"name": "http", "containerPort": 8333, "protocol": "TCP"},
		map[string]any{"name": "metrics", "containerPort": 9327, "protocol": "TCP"},
	}, deployment(t, recording).Container(t, "objects")["ports"])
	assert.Nil(t, deployment(t, recording).Container(t, "lifecycle")["ports"])
}

// The image's own configuration keeps the index of all objects there.
func TestTheIndexIsOnTheVolume(t *testing.T) {
	recording, _ := built(t, args())
	assert.Contains(t, deployment(t, recording).Container(t, "objects")["volumeMounts"],
		map[string]any{"name": "data", "mountPath": "/data"})
	assert.Contains(t, deployment(t, recording).Container(t, "objects")["args"], "-dir=/data")
}

func TestTheJobIsTheAdministrators(t *testing.T) {
	recording, _ := built(t, args())
	one := job(t, recording)
	assert.Equal(t, "true", one.At("metadata", "annotations", "pulumi.com/replaceUnready"))
	pod := one.At("spec", "template", "spec")
	assert.Equal(t, []any{map[string]any{"name": "credentials", "projected": map[string]any{
		"defaultMode": 0o440, "sources": []any{map[string]any{"secret": map[string]any{
			"name": "objects-admin", "items": []any{map[string]any{"key": "curl", "path": "curl"}},
		}}},
	}}}, mocktest.At(pod, "volumes"))
	assert.Equal(t, "user = \"admin:"+storetest.Password("objects-admin")+"\"\n",
		storetest.Written(t, recording)["objects-admin"]["curl"])
	assert.Equal(t, "objects-buckets", one.At("spec", "template", "metadata", "labels", "app.kubernetes.io/name"))
	assert.Equal(t, true, mocktest.At(pod, "securityContext", "runAsNonRoot"))
	environment, _ := mocktest.At(pod, "containers", 0, "env").([]any)
	assert.Contains(t, environment, map[string]any{
		"name": "BUCKETS", "value": "backups content-media user-avatars user-exports",
	})
	assert.Contains(t, environment, map[string]any{
		"name": "RULES",
		"value": "<LifecycleConfiguration><Rule><ID>backups</ID><Filter><Prefix></Prefix></Filter>" +
			"<Status>Enabled</Status><Expiration><Days>30</Days></Expiration><AbortIncompleteMultipartUpload>" +
			"<DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>",
	})
}

func TestEveryContainerIsRestrictedAndPinned(t *testing.T) {
	recording, _ := built(t, args())
	made, _ := job(t, recording).At("spec", "template", "spec", "containers", 0).(map[string]any)
	for name, one := range map[string]map[string]any{
		"objects":   deployment(t, recording).Container(t, "objects"),
		"lifecycle": deployment(t, recording).Container(t, "lifecycle"),
		"job":       made,
	} {
		assert.Equal(t, "docker.io/chrislusf/seaweedfs:4.53", one["image"], name)
		assert.Equal(t, map[string]any{
			"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
			"capabilities": map[string]any{"drop": []any{"ALL"}},
		}, one["securityContext"], name)
	}
}

func TestTheDemandIsThatOfThePods(t *testing.T) {
	recording, _ := built(t, args())
	demand := args().Spec.Demand()
	assert.Equal(t, 2, demand.Pods)
	made, _ := job(t, recording).At("spec", "template", "spec", "containers", 0).(map[string]any)
	for bound, want := range map[string]catalogue.Amounts{"requests": demand.Requests, "limits": demand.Limits} {
		var cpu, memory resource.Quantity
		for _, one := range []map[string]any{
			deployment(t, recording).Container(t, "objects"), deployment(t, recording).Container(t, "lifecycle"), made,
		} {
			cpu.Add(resource.MustParse(mocktest.At(one, "resources", bound, "cpu").(string)))
			memory.Add(resource.MustParse(mocktest.At(one, "resources", bound, "memory").(string)))
		}
		assert.Zero(t, cpu.Cmp(want.CPU), bound)
		assert.Zero(t, memory.Cmp(want.Memory), bound)
	}
	assert.Equal(t, []resource.Quantity{resource.MustParse("20Gi")}, args().Spec.Volumes())
}
