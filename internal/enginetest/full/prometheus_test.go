package full

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"

	"github.com/dreamseed/platform/monitoring/contract"
)

// prometheus is a real Prometheus that scrapes every second what the test says of the requests to auth.
type prometheus struct {
	url string

	lock     sync.Mutex
	versions metadata.ResourceInterface // nil while there is no request
	failing  float64
	counted  map[string]requests
}

// requests are those to one version, by outcome.
type requests struct{ good, failed float64 }

// newPrometheus runs a Prometheus. There is no request yet.
func newPrometheus(t *testing.T) *prometheus {
	t.Helper()
	p := &prometheus{url: "http://" + freeAddress(t), counted: map[string]requests{}}
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		assert.NoError(t, p.answer(r.Context(), w))
	}))
	folder := t.TempDir()
	config := filepath.Join(folder, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `scrape_configs:
  - {job_name: auth, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{targets: [%q]}]}
`, target.Listener.Addr()), 0o600))
	command := exec.CommandContext(t.Context(), local.Layout.Binary("prometheus"), "--config.file="+config,
		"--storage.tsdb.path="+filepath.Join(folder, "data"), "--web.listen-address="+p.url[len("http://"):],
		"--web.enable-admin-api")
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Wait() // the end of the test's context has killed it
		target.Close()
	})
	eventually(t, func() string { return unready(p.url) })
	return p
}

// unready returns why a Prometheus does not answer yet.
func unready(address string) string {
	response, err := http.Get(address + "/-/ready") //nolint:noctx // a test that hangs has a time limit
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return response.Status
	}
	return ""
}

// fails lets a share of the requests to the releasing testbed fail from now on, and deletes what was known of the
// former ones.
func (p *prometheus) fails(t *testing.T, share float64) {
	t.Helper()
	client, err := metadata.NewForConfig(releasing.Client(t))
	require.NoError(t, err)
	versions := client.Resource(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"})
	p.lock.Lock()
	p.versions, p.failing = versions.Namespace(namespace), share
	p.lock.Unlock()
	response, err := http.PostForm(p.url+"/api/v1/admin/tsdb/delete_series", //nolint:noctx // as above
		url.Values{"match[]": {contract.RequestsTotal}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

// answer writes the requests to each version that exists: a hundred more than the time before.
func (p *prometheus) answer(ctx context.Context, w http.ResponseWriter) error {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.versions == nil {
		return nil
	}
	sets, err := p.versions.List(ctx, metav1.ListOptions{LabelSelector: ofAuth})
	if err != nil {
		return err
	}
	for _, set := range sets.Items {
		version := set.Labels[versionLabel]
		now := p.counted[version]
		for status, count := range map[string]float64{"200": now.good, "500": now.failed} {
			selected := contract.OfService(namespace, "auth-service").
				And(contract.Equal(contract.LabelVersion, version), contract.Equal(contract.LabelStatus, status))
			if _, err := fmt.Fprintf(w, "%s %g\n", selected.Of(contract.RequestsTotal), count); err != nil {
				return err
			}
		}
		p.counted[version] = requests{good: now.good + 100*(1-p.failing), failed: now.failed + 100*p.failing}
	}
	return nil
}

// freeAddress returns an address of loopback at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}
