package sealedfile_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealingtest"
	"github.com/dreamseed/platform/internal/stackfile"
)

// threeValues returns the content of a file with two sealed values of auth and one of user, all with the controller's
// first key.
func threeValues(t *testing.T, controller *sealingtest.Controller) string {
	t.Helper()
	file, path := open(t, incomplete)
	take(t, file, controller)
	require.NoError(t, file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte("auth's")))
	require.NoError(t, file.Seal(owner(t, file, "auth"), "TOKEN_SIGNING_KEY", []byte("auth's other")))
	require.NoError(t, file.Seal(owner(t, file, "user"), "DATABASE_URL", []byte("user's")))
	require.NoError(t, file.Save())
	return read(t, path)
}

func client(t *testing.T, controller *sealingtest.Controller) *sealing.Controller {
	t.Helper()
	opened, err := sealing.NewController(controller.URL)
	require.NoError(t, err)
	return opened
}

func TestEveryValueIsSealedAgain(t *testing.T) {
	controller := sealingtest.NewController(t)
	before := threeValues(t, controller)
	controller.Renew(t)
	file, path := open(t, before)

	count, err := file.Reseal(t.Context(), client(t, controller))
	require.NoError(t, err)
	assert.Equal(t, 3, count)
	assert.Equal(t, before, read(t, path), "until it is saved")
	require.NoError(t, file.Save())

	found := values(t, path)
	for _, want := range [][3]string{
		{"auth", "DATABASE_URL", "auth's"}, {"auth", "TOKEN_SIGNING_KEY", "auth's other"}, {"user", "DATABASE_URL", "user's"},
	} {
		value, err := controller.UnsealNewest(found[want[0]][want[1]], "dreamseed-staging", object(want[0], want[1]))
		require.NoError(t, err)
		assert.Equal(t, want[2], value)
	}
	assert.Equal(t, []string{
		"auth-service-sealed-database-url", "auth-service-sealed-token-signing-key", "user-service-sealed-database-url",
	}, controller.Rotated(), "no key without a sealed value")
	loadable(t, path)
}

func TestARefusalNamesTheServiceAndTheStatus(t *testing.T) {
	controller := sealingtest.NewController(t)
	file, _ := open(t, threeValues(t, controller))
	controller.Refuse("user-service-sealed-database-url", http.StatusInternalServerError)

	count, err := file.Reseal(t.Context(), client(t, controller))
	require.ErrorContains(t, err, " of user: ")
	require.ErrorContains(t, err, "500 Internal Server Error")
	assert.Zero(t, count)
}

func TestAValueInClearLeavesThisMachineNever(t *testing.T) {
	controller := sealingtest.NewController(t)
	file, _ := open(t, strings.Replace(threeValues(t, controller), "TOKEN_SIGNING_KEY: {sealed: ", "A: {sealed: "+
		"planted-hunter2}\n        TOKEN_SIGNING_KEY: {sealed: ", 1))

	_, err := file.Reseal(t.Context(), client(t, controller))
	var wrong *stackfile.ContentError
	require.ErrorAs(t, err, &wrong)
	require.ErrorContains(t, err, "dreamseed:services.auth.secrets.A.sealed")
	assert.NotContains(t, err.Error(), "hunter2")
	assert.Empty(t, controller.Rotated())
}
