package replica_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/replica"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	accountType    = "kubernetes:core/v1:ServiceAccount"
	budgetType     = "kubernetes:policy/v1:PodDisruptionBudget"
	claimType      = "kubernetes:core/v1:PersistentVolumeClaim"
	componentType  = "dreamseed:monitoring:Replica"
	deploymentType = "kubernetes:apps/v1:Deployment"
	serviceType    = "kubernetes:core/v1:Service"
)

// store returns a program with two ports and the smallest of everything else.
func store() *replica.Program {
	return &replica.Program{
		Name: "store", Namespace: "monitoring", Image: "registry.example/store:v1.2.3", GraceSeconds: 42,
		Health: replica.LikePrometheus(),
		Ports: []replica.Port{
			{Name: replica.HTTP, Number: 8080, Protocol: "TCP"}, {Name: "gossip", Number: 8081, Protocol: "UDP"},
		},
		Requests: catalogue.Amounts{CPU: resource.MustParse("100m"), Memory: resource.MustParse("1Gi")},
		Volume:   replica.Volume{Size: resource.MustParse("10Gi"), Path: "/store"},
	}
}

// built registers the replicas of a program, which share a directory of credentials.
func built(t *testing.T, program *replica.Program, count int) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if program.After, err = mocktest.Earlier(ctx); err != nil {
			return err
		}
		letters, err := replica.Letters(count)
		if err != nil {
			return err
		}
		_, err = replica.NewSet(ctx, "store", &replica.SetArgs{
			Program: program, Letters: letters,
			Own: func(letter string) replica.Own {
				return replica.Own{
					Arguments:   []string{"--letter=" + letter},
					Directories: replica.Credentials("/credentials", []replica.Credential{{Secret: "webhook", Key: "URL"}}),
				}
			},
		})
		return err
	})
}

func pod(deployment *mocktest.Resource) map[string]any {
	spec, _ := deployment.At("spec", "template", "spec").(map[string]any)
	return spec
}

func container(deployment *mocktest.Resource) map[string]any {
	first, _ := mocktest.At(pod(deployment), "containers", 0).(map[string]any)
	return first
}

func awaited(t *testing.T, one *mocktest.Resource) []string {
	t.Helper()
	annotation, _ := one.At("metadata", "annotations", "pulumi.com/waitFor").(string)
	var expressions []string
	require.NoError(t, json.Unmarshal([]byte(annotation), &expressions), one.Name)
	return expressions
}

func TestEachReplicaIsADeploymentOfOnePodWithAClaimOfItsOwn(t *testing.T) {
	recording := built(t, store(), 2)
	for _, name := range []string{"store-a", "store-b"} {
		deployment := recording.Get(t, deploymentType, name+"-deployment")
		assert.Equal(t, name, deployment.At("metadata", "name"))
		assert.Equal(t, 1, deployment.At("spec", "replicas"))
		assert.Equal(t, 2, deployment.At("spec", "revisionHistoryLimit"), "and the former two to look at")
		assert.Equal(t, name, recording.Get(t, claimType, name+"-claim").At("metadata", "name"))
		assert.Contains(t, pod(deployment)["volumes"], map[string]any{
			"name": "data", "persistentVolumeClaim": map[string]any{"claimName": name},
		})
		assert.Contains(t, container(deployment)["volumeMounts"], map[string]any{"name": "data", "mountPath": "/store"})
	}
	assert.Len(t, recording.OfType(deploymentType), 2)
	assert.Len(t, recording.OfType(claimType), 2)
}

func TestASingleReplicaIsTheFirst(t *testing.T) {
	recording := built(t, store(), 1)
	assert.Equal(t, []string{"store-a-deployment"}, mocktest.Names(recording.OfType(deploymentType)))
	assert.Equal(t, []string{"store-a-claim"}, mocktest.Names(recording.OfType(claimType)))
	assert.ElementsMatch(t, []string{"store-a-service", "store-service"}, mocktest.Names(recording.OfType(serviceType)))
}

func TestASecondReplicaChangesNothingOfTheFirst(t *testing.T) {
	assert.Equal(t,
		[]string{"store-b", "store-b-claim", "store-b-deployment", "store-b-service"},
		mocktest.Changed(built(t, store(), 1), built(t, store(), 2)))
}

func TestThereAreOneOrTwoReplicas(t *testing.T) {
	for count, want := range map[int][]string{1: {"a"}, 2: {"a", "b"}} {
		letters, err := replica.Letters(count)
		require.NoError(t, err)
		assert.Equal(t, want, letters)
	}
	for _, count := range []int{-1, 0, 3} {
		_, err := replica.Letters(count)
		assert.ErrorContains(t, err, "must be 1 to 2", count)
	}
}

// With another strategy the new pod would wait for the volume of the former one, and the former one for the new pod.
func TestAPodEndsBeforeItsSuccessorStarts(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.Equal(t, map[string]any{"type": "Recreate"}, deployment.At("spec", "strategy"))
		assert.Equal(t, 42, pod(deployment)["terminationGracePeriodSeconds"])
	}
}

func TestTheSecondReplicaIsChangedOnceTheFirstIsReady(t *testing.T) {
	recording := built(t, store(), 2)
	first := recording.Get(t, deploymentType, "store-a-deployment")
	second := recording.Get(t, deploymentType, "store-b-deployment")
	second.AssertDependsOn(t, first.Ref())
	assert.NotContains(t, first.Dependencies, second.Ref())
}

// The verdict on a replica comes from its present generation, and not before its start had all the time it may take.
func TestEachReplicaIsAwaited(t *testing.T) {
	for _, deployment := range built(t, store(), 2).Each(t, deploymentType) {
		assert.ElementsMatch(t, []string{
			"jsonpath={$.spec[?$.status.updatedReplicas == $.spec.replicas]}",
			"jsonpath={$.spec[?$.status.availableReplicas == $.spec.replicas]}",
			"jsonpath={$.spec[?$.status.replicas == $.spec.replicas]}",
		}, awaited(t, deployment))
		assert.Equal(t, 20*60, deployment.At("spec", "progressDeadlineSeconds"))
		assert.Equal(t, "1205s", deployment.CreateTimeout)
		assert.Equal(t, "1205s", deployment.UpdateTimeout)
	}
}

func TestEverythingWaitsForWhatHasToExistFirst(t *testing.T) {
	recording := built(t, store(), 2)
	for _, kind := range []string{accountType, budgetType, claimType, deploymentType, serviceType} {
		for _, one := range recording.Each(t, kind) {
			one.AssertDependsOn(t, mocktest.EarlierRef)
		}
	}
}

func TestEveryObjectIsInTheNamespaceUnderTheNameOfTheProgram(t *testing.T) {
	recording := built(t, store(), 2)
	for _, kind := range []string{accountType, budgetType, claimType, deploymentType, serviceType} {
		for _, one := range recording.Each(t, kind) {
			assert.Equal(t, "monitoring", one.At("metadata", "namespace"), one.Name)
			assert.Equal(t, "store", one.At("metadata", "labels", "app.kubernetes.io/name"), one.Name)
			assert.Equal(t, "dreamseed", one.At("metadata", "labels", "app.kubernetes.io/part-of"), one.Name)
		}
	}
}

func TestWhatIsAReplicasOwnIsBelowIt(t *testing.T) {
	recording := built(t, store(), 2)
	recording.AssertParents(t,
		"earlier", "store-a", "store-account", "store-b", "store-disruption-budget", "store-service")
	for _, component := range recording.Each(t, componentType) {
		assert.ElementsMatch(t,
			[]string{component.Name + "-claim", component.Name + "-deployment", component.Name + "-service"},
			mocktest.Names(recording.Children(component)))
	}
}
