package full

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"

	"github.com/dreamseed/platform/monitoring/contract"
)

// prometheus is a real Prometheus that scrapes every second what the test says of the requests to auth.
type prometheus struct {
	url string

	lock     sync.Mutex
	versions cache.Store // the ReplicaSets of auth, nil while there is no request
	failing  float64
	counted  map[string]requests
}

// requests are those to one version, by outcome.
type requests struct{ good, failed float64 }

// newPrometheus runs a Prometheus. There is no request yet.
func newPrometheus(t *testing.T) *prometheus {
	t.Helper()
	p := &prometheus{url: "http://" + freeAddress(t), counted: map[string]requests{}}
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, err := io.WriteString(w, p.answer())
		assert.NoError(t, err)
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

// watchedVersions returns the ReplicaSets of auth. They are watched, because a scrape waits a second and not longer,
// which an API server at work does not always keep.
func watchedVersions(t *testing.T) cache.Store {
	t.Helper()
	client, err := metadata.NewForConfig(releasing.Client(t))
	require.NoError(t, err)
	versions := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"}
	informer := metadatainformer.NewFilteredMetadataInformer(client, versions, namespace, 0, cache.Indexers{},
		func(options *metav1.ListOptions) { options.LabelSelector = ofAuth }).Informer()
	go informer.RunWithContext(t.Context())
	require.True(t, cache.WaitForCacheSync(t.Context().Done(), informer.HasSynced))
	return informer.GetStore()
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
	versions := watchedVersions(t)
	p.lock.Lock()
	p.versions, p.failing = versions, share
	p.lock.Unlock()
	response, err := http.PostForm(p.url+"/api/v1/admin/tsdb/delete_series", //nolint:noctx // as above
		url.Values{"match[]": {contract.RequestsTotal}})
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

// answer returns the requests to each version that exists: a hundred more than the time before.
func (p *prometheus) answer() string {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.versions == nil {
		return ""
	}
	sets := p.versions.List() // none before the first release
	var page strings.Builder
	for _, set := range sets {
		version := set.(*metav1.PartialObjectMetadata).Labels[versionLabel]
		now := p.counted[version]
		for status, count := range map[string]float64{"200": now.good, "500": now.failed} {
			selected := contract.OfService(namespace, "auth-service").
				And(contract.Equal(contract.LabelVersion, version), contract.Equal(contract.LabelStatus, status))
			fmt.Fprintf(&page, "%s %g\n", selected.Of(contract.RequestsTotal), count)
		}
		p.counted[version] = requests{good: now.good + 100*(1-p.failing), failed: now.failed + 100*p.failing}
	}
	return page.String()
}

// freeAddress returns an address of loopback at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}
