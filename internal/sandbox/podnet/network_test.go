package podnet_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dreamseed/platform/internal/sandbox/podnet"
)

// directory is a cluster that never changes.
type directory struct {
	pods     []*corev1.Pod
	services []*corev1.Service
	slices   []*discoveryv1.EndpointSlice
}

func (d directory) Pod(ip string) *corev1.Pod {
	for _, pod := range d.pods {
		if pod.Status.PodIP == ip {
			return pod
		}
	}
	return nil
}

func (d directory) Service(namespace, name string) *corev1.Service {
	for _, service := range d.services {
		if service.Namespace == namespace && service.Name == name {
			return service
		}
	}
	return nil
}

func (d directory) ServiceByIP(ip string) *corev1.Service {
	for _, service := range d.services {
		if service.Spec.ClusterIP == ip {
			return service
		}
	}
	return nil
}

func (d directory) Slices(_, service string) []*discoveryv1.EndpointSlice {
	var found []*discoveryv1.EndpointSlice
	for _, slice := range d.slices {
		if slice.Labels[discoveryv1.LabelServiceName] == service {
			found = append(found, slice)
		}
	}
	return found
}

func pod(name, ip string, port int32) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "shop", Name: name, Labels: map[string]string{"app.kubernetes.io/name": "cart"},
		},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{
			{ContainerPort: port}, {ContainerPort: 53, Protocol: corev1.ProtocolUDP},
		}}}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, PodIP: ip},
	}
}

// shop is a Service at port 80 with two pods at port 8000, of which the first is not ready.
func shop() directory {
	return directory{
		pods: []*corev1.Pod{pod("cart-1", "10.244.0.1", 8000), pod("cart-2", "10.244.0.2", 8000)},
		services: []*corev1.Service{{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "cart"},
			Spec: corev1.ServiceSpec{
				ClusterIP: "10.96.0.7", Ports: []corev1.ServicePort{{Name: "http", Port: 80, Protocol: corev1.ProtocolTCP}},
			},
		}},
		slices: []*discoveryv1.EndpointSlice{{
			ObjectMeta: metav1.ObjectMeta{
				Namespace: "shop", Name: "cart-x", Labels: map[string]string{discoveryv1.LabelServiceName: "cart"},
			},
			Endpoints: []discoveryv1.Endpoint{
				{Addresses: []string{"10.244.0.1"}, Conditions: discoveryv1.EndpointConditions{Ready: new(false)}},
				{Addresses: []string{"10.244.0.2"}, Conditions: discoveryv1.EndpointConditions{Ready: new(true)}},
			},
			Ports: []discoveryv1.EndpointPort{{Name: new("http"), Port: new(int32(8000))}},
		}},
	}
}

// named answers with the pod's name and the requested path.
func named(pod *corev1.Pod) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, pod.Name+r.URL.RequestURI())
	})
}

var cart = map[string]string{"app.kubernetes.io/name": "cart"}

// get requests a URL through a network, and returns the status and the body of the answer.
func get(t *testing.T, network *podnet.Network, target string) (int, string) {
	t.Helper()
	server, err := podnet.Serve(t.Context(), network, "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, server.Close()) })
	proxy, err := url.Parse(server.URL())
	require.NoError(t, err)
	transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
	t.Cleanup(transport.CloseIdleConnections)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	require.NoError(t, err)
	response, err := (&http.Client{Transport: transport}).Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

func TestAPodAnswersAtItsOwnAddress(t *testing.T) {
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, named))
	for target, want := range map[string]string{
		"http://10.244.0.1:8000/metrics?x=1": "cart-1/metrics?x=1",
		"http://10.244.0.2:8000/":            "cart-2/",
	} {
		status, body := get(t, network, target)
		assert.Equal(t, http.StatusOK, status, target)
		assert.Equal(t, want, body)
	}
}

func TestAServiceIsReachedByItsNamesAndItsAddress(t *testing.T) {
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, named))
	for _, target := range []string{
		"http://cart.shop/", "http://cart.shop:80/", "http://cart.shop.svc/", "http://cart.shop.svc.cluster/",
		"http://cart.shop.svc.cluster.local/", "http://cart.shop.svc.cluster.local.:80/", "http://10.96.0.7/",
	} {
		status, body := get(t, network, target)
		assert.Equal(t, http.StatusOK, status, "%s: %s", target, body)
		assert.Equal(t, "cart-2/", body, "%s: the other pod is not ready", target)
	}
}

// What is reached otherwise is refused here: a wrong port of a target shows as a target that is down.
func TestNothingElseIsReached(t *testing.T) {
	tests := map[string]struct{ target, says string }{
		"another port of a pod":     {"http://10.244.0.1:9000/", "pod shop/cart-1 declares no port 9000"},
		"no port":                   {"http://10.244.0.1/", "declares no port 80"},
		"a port for datagrams":      {"http://10.244.0.1:53/", "declares no port 53"},
		"an unknown pod":            {"http://10.244.0.9:8000/", "no running pod and no Service"},
		"another port of a Service": {"http://cart.shop:8000/", "it has no port 8000"},
		"another namespace":         {"http://cart.office/", "no running pod and no Service"},
		"a name without namespace":  {"http://cart/", "no running pod and no Service"},
		"a name outside":            {"http://cart.shop.example.com/", "no running pod and no Service"},
		"no port number":            {"http://10.244.0.1:65536/", "reading the port"},
	}
	network := podnet.New(shop())
	network.Connect(func(pod *corev1.Pod, _ int) http.Handler { return named(pod) })
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := get(t, network, test.target)
			assert.Equal(t, http.StatusBadGateway, status)
			assert.Contains(t, body, test.says)
		})
	}
}

func TestAPodThatNothingAnswersForIsNotReached(t *testing.T) {
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(map[string]string{"app.kubernetes.io/name": "till"}, 8000, named))
	status, body := get(t, network, "http://10.244.0.1:8000/")
	assert.Equal(t, http.StatusBadGateway, status)
	assert.Contains(t, body, "nothing answers for port 8000 of pod shop/cart-1")
}

func TestAServiceWithoutReadyPodsIsNotReached(t *testing.T) {
	empty := shop()
	empty.slices = nil
	network := podnet.New(empty)
	network.Connect(podnet.OfWorkload(cart, 8000, named))
	status, body := get(t, network, "http://cart.shop/")
	assert.Equal(t, http.StatusBadGateway, status)
	assert.Contains(t, body, "service shop/cart: it has no ready endpoint")
}

func TestTheNewestAnswerCounts(t *testing.T) {
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, named))
	network.Connect(podnet.OfWorkload(cart, 8000, func(*corev1.Pod) http.Handler { return http.NotFoundHandler() }))
	status, _ := get(t, network, "http://10.244.0.1:8000/")
	assert.Equal(t, http.StatusNotFound, status)
}

func TestAProcessBehindAPodSeesTheRequestAsItWas(t *testing.T) {
	process := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Host+r.URL.RequestURI())
	}))
	t.Cleanup(process.Close)
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, func(*corev1.Pod) http.Handler {
		return podnet.Forward(process.Listener.Addr().String())
	}))
	status, body := get(t, network, "http://cart.shop/query?q=a%20b")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "cart.shop/query?q=a%20b", body)
}

func TestAProcessThatIsGoneIsNotReached(t *testing.T) {
	process := httptest.NewServer(http.NotFoundHandler())
	address := process.Listener.Addr().String()
	process.Close()
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, func(*corev1.Pod) http.Handler { return podnet.Forward(address) }))
	status, _ := get(t, network, "http://10.244.0.1:8000/")
	assert.Equal(t, http.StatusBadGateway, status)
}

func TestTheNetworkIsAProxyWithoutTunnels(t *testing.T) {
	network := podnet.New(shop())
	network.Connect(podnet.OfWorkload(cart, 8000, named))
	tests := map[string]struct {
		method, target string
		status         int
	}{
		"tunnel":            {http.MethodConnect, "10.244.0.1:8000", http.StatusMethodNotAllowed},
		"no whole URL":      {http.MethodGet, "/metrics", http.StatusBadRequest},
		"control: a target": {http.MethodGet, "http://10.244.0.1:8000/metrics", http.StatusOK},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer := httptest.NewRecorder()
			network.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), test.method, test.target, http.NoBody))
			assert.Equal(t, test.status, answer.Code)
		})
	}
}

func TestTheNetworkListensOnLoopbackOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", "[::]:0", ":0", "localhost:0"} {
		_, err := podnet.Serve(t.Context(), podnet.New(shop()), address)
		require.ErrorContains(t, err, "is not an address and port of loopback", address)
	}
	server, err := podnet.Serve(t.Context(), podnet.New(shop()), "127.0.0.1:0")
	require.NoError(t, err)
	assert.Equal(t, []string{"HTTP_PROXY=" + server.URL()}, server.Environment(), "nothing but plain HTTP uses it")
	assert.NoError(t, server.Close())
}
