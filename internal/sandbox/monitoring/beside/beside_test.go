package beside_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/monitoring/beside"
	"github.com/dreamseed/platform/internal/sandbox/podnet"
)

// TestMain makes this test a program, too, which listens where it is told and answers with its arguments.
func TestMain(m *testing.M) {
	if os.Getenv("SANDBOX_ROOT") == "" {
		os.Exit(m.Run())
	}
	for _, argument := range os.Args[1:] {
		if address, is := strings.CutPrefix(argument, "--web.listen-address="); is {
			fmt.Println(http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Join(os.Args[1:], " "))
			})))
		}
	}
	os.Exit(1)
}

// pods are a cluster of pods alone.
type pods struct{ all []*corev1.Pod }

func (p *pods) Pods() []*corev1.Pod { return p.all }

func (p *pods) Pod(ip string) *corev1.Pod {
	for _, one := range p.all {
		if one.Status.PodIP == ip {
			return one
		}
	}
	return nil
}

func (p *pods) Service(string, string) *corev1.Service { return nil }

func (p *pods) ServiceByIP(string) *corev1.Service { return nil }

func (p *pods) Slices(string, string) []*discoveryv1.EndpointSlice { return nil }

func pod(name, image, ip string, port int32) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "watch", Name: name, UID: types.UID(name)},
		Spec: corev1.PodSpec{
			Volumes: []corev1.Volume{
				{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
			},
			Containers: []corev1.Container{{
				Name: "it", Image: image, Ports: []corev1.ContainerPort{{ContainerPort: port}},
				Args:         []string{"--storage=/data", "--cluster.peer=b:9094"},
				VolumeMounts: []corev1.VolumeMount{{Name: "data", MountPath: "/data"}},
			}},
		},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, PodIP: ip},
	}
}

// stand is what runs in place of the pods.
type stand struct {
	*pods
	network *podnet.Network
	beside  *beside.Beside
	stack   layout.Stack
}

func newStand(t *testing.T, all ...*corev1.Pod) *stand {
	t.Helper()
	bin := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	for _, name := range []string{"prometheus", "alertmanager"} {
		require.NoError(t, os.Symlink(self, filepath.Join(bin, name)))
	}
	s := &stand{pods: &pods{all}, stack: layout.Stack{Dir: t.TempDir()}}
	s.network = podnet.New(s.pods)
	proxy, err := podnet.Serve(t.Context(), s.network, "127.0.0.1:0")
	require.NoError(t, err)
	s.beside = beside.New(beside.Args{
		Layout: layout.Layout{Bin: bin}, Stack: s.stack, Config: &rest.Config{Host: "127.0.0.1:1"},
		Pods: s.pods, Network: s.network, Proxy: proxy,
	})
	t.Cleanup(func() {
		assert.NoError(t, s.beside.Stop(context.WithoutCancel(t.Context())))
		assert.NoError(t, proxy.Close())
	})
	return s
}

// get requests a URL through the pod network.
func (s *stand) get(t *testing.T, target string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	s.network.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody))
	return answer.Code, answer.Body.String()
}

func TestAProgramAnswersAtTheAddressOfItsPod(t *testing.T) {
	s := newStand(t,
		pod("prometheus-a", "quay.io/prometheus/prometheus:v3.16.0", "10.244.0.1", 9090),
		pod("cart", "shop/cart:1", "10.244.0.2", 8000),
	)
	require.NoError(t, s.beside.Sync(t.Context()))

	status, body := s.get(t, "http://10.244.0.1:9090/")
	assert.Equal(t, http.StatusOK, status)
	root := filepath.Join(s.stack.Containers(), "watch", "prometheus-a", "root")
	assert.Contains(t, body, "--storage="+root+"/data")
	status, _ = s.get(t, "http://10.244.0.2:8000/")
	assert.Equal(t, http.StatusBadGateway, status, "no program stands for a service")

	address := s.beside.Address(s.all[0], 9090)
	assert.Equal(t, []string{"watch/prometheus-a port 9090 is at http://" + address}, s.beside.Addresses())
	assert.Contains(t, body, "--web.listen-address="+address)
}

func TestASecondSyncStartsNothing(t *testing.T) {
	s := newStand(t, pod("prometheus-a", "prometheus", "10.244.0.1", 9090))
	require.NoError(t, s.beside.Sync(t.Context()))
	before := s.beside.Addresses()
	require.NotEmpty(t, before)
	require.NoError(t, s.beside.Sync(t.Context()))
	assert.Equal(t, before, s.beside.Addresses())
}

func TestAReplicaKnowsTheOneBeforeIt(t *testing.T) {
	s := newStand(t,
		pod("a", "alertmanager", "10.244.0.1", 9093), pod("b", "alertmanager", "10.244.0.2", 9093))
	require.NoError(t, s.beside.Sync(t.Context()))
	_, first := s.get(t, "http://10.244.0.1:9093/")
	_, second := s.get(t, "http://10.244.0.2:9093/")
	_, after, found := strings.Cut(first, "--cluster.listen-address=")
	require.True(t, found, first)
	address, _, _ := strings.Cut(after, " ")
	assert.NotContains(t, first, "--cluster.peer", "the deployed peer is no name here")
	assert.Contains(t, second, "--cluster.peer="+address)
}

func TestAProgramEndsWithItsPod(t *testing.T) {
	s := newStand(t, pod("prometheus-a", "prometheus", "10.244.0.1", 9090))
	require.NoError(t, s.beside.Sync(t.Context()))
	folder := filepath.Join(s.stack.Containers(), "watch", "prometheus-a")
	require.DirExists(t, folder)
	s.all[0].DeletionTimestamp = new(metav1.Now())

	require.NoError(t, s.beside.Sync(t.Context()))

	assert.Empty(t, s.beside.Addresses())
	assert.NoDirExists(t, folder)
	status, _ := s.get(t, "http://10.244.0.1:9090/")
	assert.Equal(t, http.StatusBadGateway, status)
}

func TestAProgramThatCannotRunStopsNoOther(t *testing.T) {
	broken := pod("a", "alertmanager", "10.244.0.1", 9093)
	broken.Spec.Volumes = nil
	s := newStand(t, broken, pod("prometheus-a", "prometheus", "10.244.0.2", 9090))
	require.ErrorContains(t, s.beside.Sync(t.Context()), "running container it of pod watch/a")
	assert.Len(t, s.beside.Addresses(), 1)
}
