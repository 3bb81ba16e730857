package apiserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/apiserver"
)

func readerOf(t *testing.T, answer http.HandlerFunc) *apiserver.Reader {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	reader, err := apiserver.NewReader(&rest.Config{Host: server.URL})
	require.NoError(t, err)
	return reader
}

type list struct {
	Items []struct{ Name string }
}

func TestAListIsReadWithItsSelector(t *testing.T) {
	reader := readerOf(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/api/v1/pods?labelSelector=a%3Db", r.RequestURI)
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		_, _ = w.Write([]byte(`{"items": [{"name": "one"}]}`))
	})
	var answer list
	require.NoError(t, reader.Read(t.Context(), "/api/v1/pods?labelSelector=a%3Db", &answer))
	require.Len(t, answer.Items, 1)
	assert.Equal(t, "one", answer.Items[0].Name)
}

func TestTheContentOfSecretsIsNotAskedFor(t *testing.T) {
	reader := readerOf(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", r.Header.Get("Accept"))
		_, _ = w.Write([]byte(`{}`))
	})
	var answer list
	assert.NoError(t, reader.ReadMetadata(t.Context(), "/api/v1/secrets", &answer))
}

func TestARefusalKeepsItsReasonAndItsMessage(t *testing.T) {
	reader := readerOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403,
			"reason": "Forbidden", "message": "pods is forbidden"}`))
	})
	err := reader.Read(t.Context(), "/api/v1/pods", nil)
	assert.True(t, apierrors.IsForbidden(err))
	assert.EqualError(t, err, "pods is forbidden")
}
