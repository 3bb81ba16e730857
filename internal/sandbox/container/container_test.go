package container_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/sandbox/container"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

// api is an API server with objects by their paths, which issues the token "issued".
type api struct {
	lock    sync.Mutex
	objects map[string]any
	tokens  []authenticationv1.TokenRequest // that were requested
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.lock.Lock()
	defer a.lock.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/api/v1/namespaces/watch/serviceaccounts/prometheus/token" {
		var asked authenticationv1.TokenRequest
		_ = json.NewDecoder(r.Body).Decode(&asked)
		a.tokens = append(a.tokens, asked)
		asked.Status.Token = "issued"
		asked.Status.ExpirationTimestamp = metav1.Unix(1<<33, 0)
		_ = json.NewEncoder(w).Encode(asked)
		return
	}
	if found := a.objects[r.URL.Path]; found != nil {
		_ = json.NewEncoder(w).Encode(found)
		return
	}
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure,
		Reason: metav1.StatusReasonNotFound, Code: http.StatusNotFound, Message: r.URL.Path + " not found",
	})
}

// set sets an object.
func (a *api) set(path string, object any) {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.objects["/api/v1/namespaces/watch/"+path] = object
}

func configMap(data map[string]string) *corev1.ConfigMap {
	return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, Data: data}
}

// TestMain makes this test a program, too: it writes down what it was given, and is then ready.
func TestMain(m *testing.M) {
	if os.Getenv("SANDBOX_ROOT") == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("BROKEN") != "" {
		fmt.Println("no such flag")
		os.Exit(1)
	}
	var seen []string
	for _, argument := range os.Args[1:] {
		seen = append(seen, "argument "+argument)
	}
	seen = append(seen, os.Environ()...)
	path := filepath.Join(os.Getenv("HOME"), "seen")
	if err := privatefile.Write(path, []byte(strings.Join(seen, "\n"))); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	time.Sleep(time.Hour)
}

// stand is a pod and what it needs.
type stand struct {
	api    *api
	config *rest.Config
	spec   container.Spec
}

const configuration = "rule_files: [/etc/prometheus/rules/*.yaml]\n"

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{api: &api{objects: map[string]any{}}}
	server := httptest.NewTLSServer(s.api)
	t.Cleanup(server.Close)
	s.config = &rest.Config{Host: server.URL, TLSClientConfig: rest.TLSClientConfig{Insecure: true}}
	s.api.set("configmaps/config", configMap(map[string]string{"prometheus.yml": configuration, "other.yml": "x"}))
	s.api.set("configmaps/rules", configMap(map[string]string{"a.yaml": "groups: []\n", "b.yaml": "groups: []"}))
	s.api.set("configmaps/kube-root-ca.crt", configMap(map[string]string{"ca.crt": "authority"}))
	s.api.set("secrets/receiver", &corev1.Secret{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		Data:     map[string][]byte{"url": {0, 1, 255}, "word": []byte("w")},
	})
	folder := t.TempDir()
	program, err := os.Executable()
	require.NoError(t, err)
	s.spec = container.Spec{
		Pod: pod(), Container: "prometheus", Program: program,
		Flags:       []string{"--web.listen-address=127.0.0.1:9"},
		Without:     []string{"peer"},
		Environment: []string{"HTTP_PROXY=http://127.0.0.1:1"},
		Folder:      filepath.Join(folder, "pod"), Claims: filepath.Join(folder, "claims"),
	}
	s.spec.Ready = readiness(t, filepath.Join(s.spec.Folder, "seen"))
	return s
}

// readiness returns a URL that answers 200 once a file exists.
func readiness(t *testing.T, file string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(file); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func volume(name string, source corev1.VolumeSource) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: source}
}

func ofConfigMap(name string, items ...corev1.KeyToPath) corev1.VolumeSource {
	return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items,
	}}
}

// credentials is the volume that admission adds to a pod.
func credentials() corev1.VolumeSource {
	return corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{
		{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", ExpirationSeconds: new(int64(3607))}},
		{ConfigMap: &corev1.ConfigMapProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: "kube-root-ca.crt"},
			Items:                []corev1.KeyToPath{{Key: "ca.crt", Path: "ca.crt"}},
		}},
		{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
			{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}},
		}}},
	}}}
}

func pod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "watch", Name: "prometheus-0", UID: "u-1"},
		Spec: corev1.PodSpec{
			ServiceAccountName: "prometheus",
			Volumes: []corev1.Volume{
				volume("config", ofConfigMap("config", corev1.KeyToPath{Key: "prometheus.yml", Path: "prometheus.yml"})),
				volume("rules", ofConfigMap("rules")),
				volume("receiver", corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "receiver"}}),
				volume("tmp", corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}),
				volume("data", corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{
					ClaimName: "prometheus-a",
				}}),
				volume("kube-api-access", credentials()),
			},
			Containers: []corev1.Container{{
				Name: "prometheus",
				Args: []string{
					"--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus", "--web.listen-address=:9090",
					"--name=$(POD_NAME)", "--peer=b:9094", "/tmp", "/etc/prometheus-other", "$$(POD_NAME)",
				},
				Env: []corev1.EnvVar{
					{Name: "POD_NAME", ValueFrom: &corev1.EnvVarSource{
						FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"},
					}},
					{Name: "WORD_FILE", Value: "/etc/receiver/word"},
					{Name: "WORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
						LocalObjectReference: corev1.LocalObjectReference{Name: "receiver"}, Key: "word",
					}}},
				},
				VolumeMounts: []corev1.VolumeMount{
					{Name: "rules", MountPath: "/etc/prometheus/rules"},
					{Name: "config", MountPath: "/etc/prometheus"},
					{Name: "receiver", MountPath: "/etc/receiver"},
					{Name: "tmp", MountPath: "/tmp"},
					{Name: "data", MountPath: "/prometheus"},
					{Name: "kube-api-access", MountPath: "/var/run/secrets/kubernetes.io/serviceaccount"},
				},
			}},
		},
	}
}

// start starts the container, and stops it when the test ends.
func (s *stand) start(t *testing.T) *container.Process {
	t.Helper()
	running, err := container.Start(t.Context(), s.config, s.spec)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, running.Stop(context.WithoutCancel(t.Context()))) })
	return running
}

func (s *stand) root() string { return filepath.Join(s.spec.Folder, "root") }

// seen returns what the program was given.
func (s *stand) seen(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.spec.Folder, "seen"))
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

// entries returns what is in a folder, which has to exist.
func (s *stand) entries(t *testing.T, path string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(s.root() + path)
	require.NoError(t, err)
	return entries
}

func (s *stand) file(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(s.root() + path)
	require.NoError(t, err)
	return string(content)
}

func TestAProcessHasTheVolumesOfThePodByteForByte(t *testing.T) {
	s := newStand(t)
	s.start(t)
	for path, want := range map[string]string{
		"/etc/prometheus/prometheus.yml":                          configuration,
		"/etc/prometheus/rules/a.yaml":                            "groups: []\n",
		"/etc/prometheus/rules/b.yaml":                            "groups: []",
		"/etc/receiver/url":                                       "\x00\x01\xff",
		"/var/run/secrets/kubernetes.io/serviceaccount/token":     "issued",
		"/var/run/secrets/kubernetes.io/serviceaccount/ca.crt":    "authority",
		"/var/run/secrets/kubernetes.io/serviceaccount/namespace": "watch",
	} {
		assert.Equal(t, want, s.file(t, path), path)
	}
	assert.NoFileExists(t, s.root()+"/etc/prometheus/other.yml", "the volume has one item")
	assert.Empty(t, s.entries(t, "/tmp"))
}

func TestAProcessIsToldWhereTheVolumesAre(t *testing.T) {
	s := newStand(t)
	s.start(t)
	seen := s.seen(t)
	var arguments []string
	for _, line := range seen {
		if argument, is := strings.CutPrefix(line, "argument "); is {
			arguments = append(arguments, argument)
		}
	}
	assert.Equal(t, []string{
		"--config.file=" + s.root() + "/etc/prometheus/prometheus.yml", "--storage.tsdb.path=" + s.root() + "/prometheus",
		"--name=prometheus-0", s.root() + "/tmp", "/etc/prometheus-other", "$(POD_NAME)", "--web.listen-address=127.0.0.1:9",
	}, arguments, "the deployed address is replaced, and the peer left out")
	for _, variable := range []string{
		"POD_NAME=prometheus-0", "WORD=w", "WORD_FILE=" + s.root() + "/etc/receiver/word", "HTTP_PROXY=http://127.0.0.1:1",
		"SANDBOX_ROOT=" + s.root(),
		"SANDBOX_MOUNTS=/etc/prometheus:/etc/prometheus/rules:/etc/receiver:/prometheus:/tmp:" +
			"/var/run/secrets/kubernetes.io/serviceaccount",
	} {
		assert.Contains(t, seen, variable)
	}
}

func TestAProcessIsItsServiceAccount(t *testing.T) {
	s := newStand(t)
	s.start(t)
	require.Len(t, s.api.tokens, 1)
	asked := s.api.tokens[0].Spec
	assert.Equal(t, int64(3607), *asked.ExpirationSeconds)
	assert.Equal(t, &authenticationv1.BoundObjectReference{
		Kind: "Pod", APIVersion: "v1", Name: "prometheus-0", UID: "u-1",
	}, asked.BoundObjectRef, "the token ends with the pod")

	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(s.spec.Folder, "kubeconfig"))
	require.NoError(t, err)
	assert.Equal(t, s.config.Host, config.Host)
	assert.Equal(t, s.root()+"/var/run/secrets/kubernetes.io/serviceaccount/token", config.BearerTokenFile)
	assert.Equal(t, s.root()+"/var/run/secrets/kubernetes.io/serviceaccount/ca.crt", config.CAFile)
	assert.Empty(t, config.CertFile, "it is no administrator")
}

func TestAPodWithoutATokenHasNoRights(t *testing.T) {
	s := newStand(t)
	mounts := &s.spec.Pod.Spec.Containers[0].VolumeMounts
	*mounts = (*mounts)[:len(*mounts)-1]
	s.start(t)
	assert.Empty(t, s.api.tokens)
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(s.spec.Folder, "kubeconfig"))
	require.NoError(t, err)
	assert.Empty(t, config.BearerTokenFile)
}

func TestARefreshBringsWhatChanged(t *testing.T) {
	s := newStand(t)
	running := s.start(t)
	own := s.root() + "/tmp/own"
	require.NoError(t, os.WriteFile(own, nil, 0o600))
	s.api.set("configmaps/rules", configMap(map[string]string{"a.yaml": "groups: [x]", "c.yaml": "new"}))

	require.NoError(t, running.Refresh(t.Context()))

	assert.Equal(t, "groups: [x]", s.file(t, "/etc/prometheus/rules/a.yaml"))
	assert.Equal(t, "new", s.file(t, "/etc/prometheus/rules/c.yaml"))
	assert.NoFileExists(t, s.root()+"/etc/prometheus/rules/b.yaml", "the key is gone")
	assert.Equal(t, configuration, s.file(t, "/etc/prometheus/prometheus.yml"), "the control")
	assert.FileExists(t, own, "the process's own files stay")
	assert.Len(t, s.api.tokens, 1, "the token is still good")
}

func TestAClaimOutlivesThePod(t *testing.T) {
	s := newStand(t)
	running, err := container.Start(t.Context(), s.config, s.spec)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(s.root()+"/prometheus/wal", []byte("kept"), 0o600))
	require.NoError(t, running.Stop(t.Context()))
	require.NoError(t, os.RemoveAll(s.spec.Folder))

	s.spec.Pod.UID = "u-2"
	s.start(t)

	assert.Equal(t, "kept", s.file(t, "/prometheus/wal"))
}

func TestAProcessThatALostCommandLeftIsStopped(t *testing.T) {
	s := newStand(t)
	left, err := container.Start(t.Context(), s.config, s.spec)
	require.NoError(t, err)
	s.start(t)
	assert.False(t, left.Running())
}

func TestEverythingThatALostCommandLeftIsStopped(t *testing.T) {
	s := newStand(t)
	above := t.TempDir()
	s.spec.Folder = filepath.Join(above, "watch", "prometheus-0")
	s.spec.Ready = readiness(t, filepath.Join(s.spec.Folder, "seen"))
	left, err := container.Start(t.Context(), s.config, s.spec)
	require.NoError(t, err)
	require.True(t, left.Running(), "the control")
	require.NoError(t, container.StopLeft(t.Context(), above))
	assert.False(t, left.Running())
	assert.NoError(t, container.StopLeft(t.Context(), filepath.Join(above, "missing")))
}

func TestAProgramThatEndsIsShownWithItsLog(t *testing.T) {
	s := newStand(t)
	s.spec.Environment = []string{"BROKEN=yes"}
	_, err := container.Start(t.Context(), s.config, s.spec)
	require.ErrorContains(t, err, "running container prometheus of pod watch/prometheus-0: it ended before it was ready")
	assert.ErrorContains(t, err, "no such flag")
}

func TestWhatAKubeletCouldNotGiveIsAnError(t *testing.T) {
	tests := map[string]struct {
		change func(*corev1.Pod)
		says   string
	}{
		"no container": {func(p *corev1.Pod) { p.Spec.Containers[0].Name = "other" }, "no such container"},
		"no volume":    {func(p *corev1.Pod) { p.Spec.Volumes = p.Spec.Volumes[1:] }, "no volume config"},
		"no object":    {func(p *corev1.Pod) { p.Spec.Volumes[1].ConfigMap.Name = "gone" }, "reading volume rules"},
		"no key":       {func(p *corev1.Pod) { p.Spec.Volumes[0].ConfigMap.Items[0].Key = "gone" }, "there is no key gone"},
		"no field": {func(p *corev1.Pod) {
			p.Spec.Containers[0].Env[0].ValueFrom.FieldRef.FieldPath = "metadata.labels"
		}, "variable POD_NAME: field metadata.labels"},
		"a kind of volume": {func(p *corev1.Pod) {
			p.Spec.Volumes[1].VolumeSource = corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{}}
		}, "no equivalent on this machine"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStand(t)
			test.change(s.spec.Pod)
			_, err := container.Start(t.Context(), s.config, s.spec)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

func TestAnOptionalObjectMayBeMissing(t *testing.T) {
	s := newStand(t)
	s.spec.Pod.Spec.Volumes[1].ConfigMap.Name = "gone"
	s.spec.Pod.Spec.Volumes[1].ConfigMap.Optional = new(true)
	s.start(t)
	assert.Empty(t, s.entries(t, "/etc/prometheus/rules"))
}

func TestTheHostIsMountedAsItIs(t *testing.T) {
	s := newStand(t)
	host := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(host, "os-release"), []byte("host"), 0o600))
	s.spec.Pod.Spec.Volumes[1].VolumeSource = corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: host}}
	running := s.start(t)
	require.NoError(t, running.Refresh(t.Context()))
	assert.Equal(t, "host", s.file(t, "/etc/prometheus/rules/os-release"))
}

func TestANodeHasItsOwnFiles(t *testing.T) {
	s := newStand(t)
	s.spec.Node = filepath.Join(t.TempDir(), "node-1")
	s.spec.Pod.Spec.Volumes[1].VolumeSource = corev1.VolumeSource{
		HostPath: &corev1.HostPathVolumeSource{Path: "/var/log/pods"},
	}
	s.start(t)
	lines := filepath.Join(s.spec.Node, "var/log/pods", "0.log")
	require.NoError(t, os.WriteFile(lines, []byte("line"), 0o600), "the folder is there, as on any node")
	assert.Equal(t, "line", s.file(t, "/etc/prometheus/rules/0.log"))
}

func TestAFlagOfAContainerIsRead(t *testing.T) {
	of := &corev1.Container{
		Command: []string{"/bin/prometheus", "--a=1"}, Args: []string{"-b=2", "--c", "--port=x:9090", "port=9"},
	}
	for name, want := range map[string]string{"a": "1", "b": "2", "c": "", "port": "x:9090", "missing": ""} {
		assert.Equal(t, want, container.Flag(of, name), name)
	}
}
