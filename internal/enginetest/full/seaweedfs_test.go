package full

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/data/store/storetest"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/services/catalogue"
)

// seaweedFS is the real SeaweedFS, which runs the commands of the pod with its files, as the program renders them. Only
// folders and ports are the test's, and it listens on the loopback interface alone.
type seaweedFS struct {
	recording *mocktest.Recording
	written   map[string]map[string]string
	// folder has what the pod has: data, mounted, loaded and admin.
	folder string
	ports  map[string]int
	// process is the running server.
	process *exec.Cmd
}

// The ports of SeaweedFS by the names of their flags.
const (
	s3Port      = "s3.port"
	metricsPort = "metricsPort"
)

var seaweedPorts = []string{
	s3Port, "s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port",
	"filer.port.grpc", metricsPort,
}

// owning returns a service that declares buckets.
func owning(name string, buckets ...string) catalogue.Service {
	return catalogue.Service{Name: name, Needs: catalogue.Needs{Buckets: buckets}}
}

// startedSeaweedFS returns a store with the buckets of two services, which the Job has made.
func startedSeaweedFS(t *testing.T) *seaweedFS {
	t.Helper()
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := objects.New(ctx, "objects", &objects.Args{
			Spec: objects.Default(store.InCluster), BackupDays: 30,
			Environment: store.Environment{
				Namespace: namespace, DeadlineSeconds: 60,
				Services: []catalogue.Service{owning("content", "media"), owning("user", "avatars", "exports")},
			},
		})
		return err
	})
	s := &seaweedFS{
		recording: recording, written: storetest.Written(t, recording), folder: t.TempDir(), ports: map[string]int{},
	}
	for _, folder := range []string{"data", "mounted", "loaded", "admin", "bin"} {
		require.NoError(t, os.Mkdir(s.path(folder), 0o700))
	}
	require.NoError(t, os.Symlink(local.Layout.Binary(components.SeaweedFS), s.path("bin/weed")))
	for _, flag := range seaweedPorts {
		s.ports[flag] = storetest.Port(t)
	}
	s.mount(t)
	s.start(t)
	s.makeBuckets(t)
	return s
}

func (s *seaweedFS) path(name string) string { return filepath.Join(s.folder, name) }

func (s *seaweedFS) address(flag string) string { return fmt.Sprintf("127.0.0.1:%d", s.ports[flag]) }

// mount writes the files of the Secrets, as the kubelet does.
func (s *seaweedFS) mount(t *testing.T) {
	t.Helper()
	for name, secret := range s.written {
		for key, folder := range map[string]string{"s3.json": "mounted", "curl": "admin"} {
			if content, found := secret[key]; found {
				require.NoError(t, os.WriteFile(filepath.Join(s.path(folder), key), []byte(content), 0o600), name)
			}
		}
	}
}

// container returns a container of the pod.
func (s *seaweedFS) container(t *testing.T, position int) map[string]any {
	t.Helper()
	pod := s.recording.Get(t, "kubernetes:apps/v1:Deployment", "objects-a-deployment")
	one, _ := pod.At("spec", "template", "spec", "containers", position).(map[string]any)
	require.NotEmpty(t, one)
	return one
}

// command returns a command of a container, which runs with its variables. Those that name places are the test's.
func (s *seaweedFS) command(t *testing.T, container map[string]any, command any, further ...string) *exec.Cmd {
	t.Helper()
	var parts []string
	for _, part := range command.([]any) {
		parts = append(parts, strings.ReplaceAll(part.(string), "/data", s.path("data")))
	}
	run := exec.Command(parts[0], append(parts[1:], further...)...)
	run.Env = []string{"PATH=" + s.path("bin") + ":/usr/bin:/bin"}
	places := map[string]string{
		"MOUNTED": s.path("mounted"), "LOADED": s.path("loaded"), "PORT": strconv.Itoa(s.ports[s3Port]),
		"ADMIN": s.path("admin/curl"), "ENDPOINT": "http://" + s.address(s3Port), "LIFECYCLE": s.address("s3.port.grpc"),
		"MASTER": fmt.Sprintf("%s.%d", s.address("master.port"), s.ports["master.port.grpc"]),
		"FILER":  fmt.Sprintf("%s.%d", s.address("filer.port"), s.ports["filer.port.grpc"]),
	}
	variables, _ := container["env"].([]any)
	for _, one := range variables {
		name, value := mocktest.At(one, "name").(string), mocktest.At(one, "value").(string)
		if place, found := places[name]; found {
			value = place
		}
		run.Env = append(run.Env, name+"="+value)
	}
	return run
}

// start runs the container's command until it is ready.
func (s *seaweedFS) start(t *testing.T) {
	t.Helper()
	one := s.container(t, 0)
	// The volume is this machine's disk, which may be fuller than a claim would be.
	arguments := []string{"-s3.ip.bind=127.0.0.1", "-metricsIp=127.0.0.1", "-volume.minFreeSpace=0"}
	for flag, port := range s.ports {
		arguments = append(arguments, fmt.Sprintf("-%s=%d", flag, port))
	}
	s.process = s.command(t, one, append(one["command"].([]any), one["args"].([]any)...), arguments...)
	log, err := os.Create(s.path("log"))
	require.NoError(t, err)
	defer func() { require.NoError(t, log.Close()) }()
	s.process.Stdout, s.process.Stderr = log, log
	require.NoError(t, s.process.Start())
	t.Cleanup(func() { s.crash() }) // it would stop for a quarter of a minute
	path, _ := mocktest.At(one, "readinessProbe", "httpGet", "path").(string)
	require.Eventually(t, func() bool { return s.answers(path) }, time.Minute, 50*time.Millisecond)
}

func (s *seaweedFS) answers(path string) bool {
	answer, err := http.Get("http://" + s.address(s3Port) + path)
	return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
}

// alive reports whether the liveness probe succeeds.
func (s *seaweedFS) alive(t *testing.T) bool {
	t.Helper()
	one := s.container(t, 0)
	return s.command(t, one, mocktest.At(one, "livenessProbe", "exec", "command")).Run() == nil
}

// stop ends the server as the kubelet does, and waits until it has ended.
func (s *seaweedFS) stop(t *testing.T) {
	t.Helper()
	if s.process.ProcessState == nil {
		require.NoError(t, s.process.Process.Signal(syscall.SIGTERM))
		require.NoError(t, s.process.Wait(), "it ends in order")
	}
}

// crash ends the server at once, if it still runs.
func (s *seaweedFS) crash() {
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
}

// makeBuckets runs the Job.
func (s *seaweedFS) makeBuckets(t *testing.T) {
	t.Helper()
	jobs := s.recording.OfType("kubernetes:batch/v1:Job")
	require.Len(t, jobs, 1)
	one, _ := jobs[0].At("spec", "template", "spec", "containers", 0).(map[string]any)
	printed, err := s.command(t, one, one["command"]).CombinedOutput()
	require.NoError(t, err, string(printed))
}

// as returns a client with the key of an identity.
func (s *seaweedFS) as(t *testing.T, identity string) *minio.Client {
	t.Helper()
	secret := map[string]string{"admin": "objects-admin", "backups": "backups-object-storage"}[identity]
	if secret == "" {
		secret = identity + "-service-object-storage"
	}
	key := s.written[secret]
	return s.with(t, key[catalogue.ObjectStorageAccessKeyID], key[catalogue.ObjectStorageSecretAccessKey])
}

// with returns a client with a key.
func (s *seaweedFS) with(t *testing.T, id, key string) *minio.Client {
	t.Helper()
	client, err := minio.New(s.address(s3Port), &minio.Options{
		Creds: credentials.NewStaticV4(id, key, ""), BucketLookup: minio.BucketLookupPath, MaxRetries: 1,
	})
	require.NoError(t, err)
	return client
}
