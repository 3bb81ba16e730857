package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

const takenOver = "pulumi.com/patchForce"

// plainAnnotations are the annotations of an object without any of its own.
var plainAnnotations = map[string]any{takenOver: "true"}

func TestEveryObjectsFieldsAreTakenOverFromWhoeverChangedThem(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, object := range objects(built) {
			assert.Equal(t, "true", object.At("metadata", "annotations", takenOver), object.Ref())
		}
	})
}

func TestAReleasesFieldsAreHelms(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, release := range built.Each(t, releaseType) {
			assert.Nil(t, release.At("metadata"), release.Name)
		}
	})
}

func TestObjectsOfARolloutAreTakenOverToo(t *testing.T) {
	for _, strategy := range byRollout {
		built := releasing(t, strategy)
		for _, object := range objects(built) {
			assert.Equal(t, "true", object.At("metadata", "annotations", takenOver), object.Ref())
		}
		assert.Equal(t, "background", rollout(t, built).
			At("metadata", "annotations", "pulumi.com/deletionPropagationPolicy"), "other annotations stay")
	}
}
