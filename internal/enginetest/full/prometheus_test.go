package full

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// prometheus is a server with Prometheus's query API. It gives the test's answer to every query.
type prometheus struct {
	*httptest.Server

	answer atomic.Value
}

func newPrometheus(t *testing.T) *prometheus {
	t.Helper()
	p := &prometheus{}
	p.answer.Store("0")
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := fmt.Fprintf(w,
			`{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "%s"]}]}}`,
			p.answer.Load())
		assert.NoError(t, err)
	}))
	t.Cleanup(p.Close)
	return p
}
