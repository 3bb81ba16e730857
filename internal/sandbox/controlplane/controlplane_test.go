package controlplane

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/process"
)

// The components of these tests are the test program itself, under the component's name. A file next to it holds its
// behaviour: a name and an argument.
func TestMain(m *testing.M) {
	if data, err := os.ReadFile(os.Args[0] + ".does"); err == nil {
		name, argument, _ := strings.Cut(string(data), " ")
		behaviours[name](argument)
		return
	}
	os.Exit(m.Run())
}

var behaviours = map[string]func(argument string){
	"sleep": func(string) { select {} },
	"fail": func(text string) {
		fmt.Println(text)
		os.Exit(1)
	},
	"note-stop": func(path string) {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		fmt.Println("ready")
		<-asked
		appendLine(path, filepath.Base(os.Args[0]))
	},
	"lose-port": func(folder string) { // records its start, and exits when the test has taken its port
		appendLine(filepath.Join(folder, "starts"), "x")
		starts, _ := os.ReadFile(filepath.Join(folder, "starts"))
		taken := filepath.Join(folder, fmt.Sprint("taken.", strings.Count(string(starts), "x")))
		for _, err := os.Stat(taken); err != nil; _, err = os.Stat(taken) {
			time.Sleep(10 * time.Millisecond)
		}
	},
	"serve-health": func(string) { // like Argo Rollouts, which continues without its port when that is taken
		at := strings.TrimPrefix(os.Args[2], "--listen-addr=")
		_ = http.ListenAndServe(at, http.HandlerFunc(healthy))
		select {}
	},
	"tell": func(string) { // the arguments that it was called with
		fmt.Println(strings.Join(os.Args[1:], " "))
		_, _ = io.Copy(os.Stdout, os.Stdin)
		fmt.Println(strings.Join(os.Environ(), "\n"))
	},
	"refuse": func(text string) {
		fmt.Fprintln(os.Stderr, text)
		os.Exit(4)
	},
}

func healthy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }

func appendLine(path, line string) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	defer func() { _ = file.Close() }()
	fmt.Fprintln(file, line)
}

// sandbox returns a layout with programs of the given behaviour. Programs without one sleep.
func sandbox(t *testing.T, does map[string]string) layout.Layout {
	t.Helper()
	dir := t.TempDir()
	l := layout.Layout{Project: dir, Bin: filepath.Join(dir, "bin"), Stacks: dir}
	require.NoError(t, os.MkdirAll(l.Stages(), 0o700))
	for name, content := range kwokModule {
		require.NoError(t, os.WriteFile(filepath.Join(l.Stages(), name), []byte(content), 0o600))
	}
	self, err := os.Executable()
	require.NoError(t, err)
	for _, name := range everything.Programs {
		crd := filepath.Join(l.Manifests(name), "crd.yaml")
		require.NoError(t, os.MkdirAll(filepath.Dir(crd), 0o700))
		require.NoError(t, os.WriteFile(crd, []byte("kind: CustomResourceDefinition\n"), 0o600))
	}
	names := []string{"kubectl"}
	for _, c := range withPrograms(examples) {
		names = append(names, c.name)
	}
	for _, name := range names {
		require.NoError(t, os.Symlink(self, l.Binary(name)))
		behaviour := does[name]
		if behaviour == "" {
			behaviour = "sleep"
		}
		require.NoError(t, os.WriteFile(l.Binary(name+".does"), []byte(behaviour), 0o600))
	}
	return l
}

func running(t *testing.T, c *ControlPlane) []string {
	t.Helper()
	all, err := c.running()
	require.NoError(t, err)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	return names
}

func TestAComponentThatEndsEarlyFailsAtOnceWithItsLog(t *testing.T) {
	l := sandbox(t, map[string]string{etcd: "fail the disk is broken"})
	c := New(l, l.Stack("local"), examples...)
	err := c.Start(context.Background(), Spec{}, io.Discard)
	require.Error(t, err)
	require.ErrorContains(t, err, "etcd ended before it was ready")
	require.ErrorContains(t, err, "the disk is broken")
	assert.Empty(t, running(t, c))
}

func TestALostPortIsTriedAgainWithAnotherAFewTimes(t *testing.T) {
	folder := t.TempDir()
	l := sandbox(t, map[string]string{etcd: "lose-port " + folder})
	c := New(l, l.Stack("local"), examples...)
	seen := map[int]bool{}
	done := make(chan error, 1)
	go func() { done <- c.Start(context.Background(), Spec{}, io.Discard) }()
	for n := 1; n <= attempts; n++ {
		port := portAfterStart(t, c, folder, n)
		assert.False(t, seen[port], "a lost port is not tried again")
		seen[port] = true
		listener, err := net.Listen("tcp4", address(port))
		require.NoError(t, err)
		defer func() { _ = listener.Close() }()
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprint("taken.", n)), nil, 0o600))
	}
	assert.ErrorIs(t, <-done, errPortLost, "after a few attempts it is an error")
}

func TestTheAnswerOfSomebodyElseIsNotTakenForTheComponents(t *testing.T) {
	l := sandbox(t, map[string]string{first: "serve-health"})
	c := New(l, l.Stack("local"), examples...)
	t.Cleanup(func() { assert.NoError(t, c.Stop(context.Background())) })
	lost := start{spec: everything}
	require.NoError(t, c.prepare(t.Context(), &lost))
	port := lost.plan.ports[first]
	stranger := &http.Server{Addr: address(port), Handler: http.HandlerFunc(healthy), ReadHeaderTimeout: time.Second}
	listener, err := net.Listen("tcp4", stranger.Addr)
	require.NoError(t, err)
	go func() { _ = stranger.Serve(listener) }()
	t.Cleanup(func() { assert.NoError(t, stranger.Close()) })

	require.NoError(t, lost.ensure(first))
	require.ErrorIs(t, lost.await(t.Context(), first), errPortLost)
	assert.Empty(t, running(t, c), "it would keep its port")

	again := start{spec: everything}
	require.NoError(t, c.prepare(t.Context(), &again))
	assert.NotEqual(t, port, again.plan.ports[first])
	require.NoError(t, again.ensure(first))
	assert.NoError(t, again.await(t.Context(), first))
}

// portAfterStart returns etcd's port after its nth start.
func portAfterStart(t *testing.T, c *ControlPlane, folder string, n int) int {
	t.Helper()
	require.Eventually(t, func() bool {
		data, err := os.ReadFile(filepath.Join(folder, "starts"))
		return err == nil && strings.Count(string(data), "x") == n
	}, 20*time.Second, 10*time.Millisecond)
	s, err := readState(c.stack.ControlPlane())
	require.NoError(t, err)
	return s.Ports[etcd]
}

func TestACancelledStartStopsWhatItStartedAndNothingElse(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	stranger, err := process.Start(c.stack.Processes(), process.Command{
		Name: "stranger", Path: "/bin/sleep", Args: []string{"61"}, Log: filepath.Join(t.TempDir(), "log"),
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, stranger.Stop(context.Background(), 0)) })

	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	err = c.Start(ctx, Spec{}, io.Discard)

	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Empty(t, running(t, c))
	assert.True(t, stranger.Running())
	assert.NoFileExists(t, filepath.Join(c.stack.Processes(), "etcd.json"))
}

func TestOnlyAStoreThatWasNeverReadyIsDeleted(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	stored := filepath.Join(c.stack.Etcd(), "member")
	startsOn := func() []string {
		t.Cleanup(func() { assert.NoError(t, c.Stop(context.Background())) })
		var s start
		require.NoError(t, c.prepare(t.Context(), &s))
		found, err := filepath.Glob(filepath.Join(c.stack.Etcd(), "*"))
		require.NoError(t, err)
		require.NoError(t, s.ensure(etcd))
		require.NoError(t, os.MkdirAll(stored, 0o700))
		return found
	}

	assert.Empty(t, startsOn(), "the first start")
	require.NoError(t, c.prepare(t.Context(), &start{}))
	assert.DirExists(t, stored, "etcd runs on it still")
	require.NoError(t, c.Stop(t.Context()))
	assert.Empty(t, startsOn(), "the first start was cut short")

	remembered, err := readState(c.stack.ControlPlane())
	require.NoError(t, err)
	require.NoError(t, state{Up: true, Ports: remembered.Ports}.write(c.stack.ControlPlane()), "as a start ends")
	require.NoError(t, c.Stop(t.Context()))
	for _, later := range []string{"second", "third"} {
		assert.Equal(t, []string{stored}, startsOn(), "the %s start, the one before it was cut short", later)
		require.NoError(t, c.Stop(t.Context()))
	}
}

func TestAQuestionThatIsBrokenOffIsNoLostPort(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	t.Cleanup(func() { assert.NoError(t, c.Stop(context.Background())) })
	s := start{spec: everything}
	require.NoError(t, c.prepare(t.Context(), &s))
	require.NoError(t, s.ensure(first))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	err := s.answers(ctx, first)

	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, errPortLost)
}

func TestAClientIsStartedAgainWithItsServer(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	s := start{spec: everything}
	require.NoError(t, c.prepare(context.Background(), &s))
	for _, component := range withPrograms(examples) {
		require.NoError(t, s.ensure(component.name))
	}
	t.Cleanup(func() { assert.NoError(t, c.Stop(context.Background())) })
	tests := map[string][]string{
		second: {etcd, apiServer, controllerManager, scheduler, kwok,
			first, metricsServer},
		kwok: {etcd, apiServer, controllerManager, scheduler,
			first, metricsServer},
		apiServer: {etcd},
	}
	for _, dead := range []string{second, kwok, apiServer} {
		require.NoError(t, s.running[dead].Stop(context.Background(), 0))
		again := start{spec: everything}
		require.NoError(t, c.prepare(context.Background(), &again))
		assert.ElementsMatch(t, tests[dead], running(t, c), "after %s died", dead)
	}
}

func TestStatusTellsADeathFromAStop(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	states := func() map[string]State {
		all, err := c.Status(context.Background())
		require.NoError(t, err)
		by := map[string]State{}
		for _, s := range all {
			by[s.Name] = s.State
		}
		return by
	}
	assert.Equal(t, Stopped, states()[etcd], "it was never started")

	var s start
	require.NoError(t, c.prepare(context.Background(), &s))
	require.NoError(t, s.ensure(etcd))
	require.NoError(t, s.ensure(kwok))
	require.NoError(t, state{Up: true, Ports: s.plan.ports}.write(c.stack.ControlPlane()))
	require.NoError(t, s.running[kwok].Stop(context.Background(), 0))
	assert.Equal(t, NotAnswering, states()[etcd], "it lives and says nothing")
	assert.Equal(t, Died, states()[kwok])

	require.NoError(t, c.Stop(context.Background()))
	assert.Equal(t, Stopped, states()[etcd])
	assert.Equal(t, Stopped, states()[kwok])
	assert.NoError(t, c.Stop(context.Background()), "stopping twice is no error")
}

func TestComponentsStopInTheOppositeOrder(t *testing.T) {
	order := filepath.Join(t.TempDir(), "order")
	does := map[string]string{}
	for _, c := range withPrograms(examples) {
		does[c.name] = "note-stop " + order
	}
	l := sandbox(t, does)
	c := New(l, l.Stack("local"), examples...)
	s := start{spec: everything}
	require.NoError(t, c.prepare(context.Background(), &s))
	for _, component := range withPrograms(examples) {
		require.NoError(t, s.ensure(component.name))
		require.Eventually(t, func() bool { return process.LogTail(c.log(component.name), 1) == "ready" },
			20*time.Second, 10*time.Millisecond)
	}
	require.NoError(t, c.Stop(context.Background()))
	stopped, err := os.ReadFile(order)
	require.NoError(t, err)
	assert.Equal(t, []string{
		metricsServer, second, first,
		kwok, scheduler, controllerManager, apiServer, etcd,
	}, strings.Fields(string(stopped)))
}

func TestWhatIsNoLongerAskedForIsStopped(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	s := start{spec: everything}
	require.NoError(t, c.prepare(context.Background(), &s))
	for _, component := range withPrograms(examples) {
		require.NoError(t, s.ensure(component.name))
	}
	t.Cleanup(func() { assert.NoError(t, c.Stop(context.Background())) })

	less := start{spec: everything}
	less.spec.Programs = []string{second}
	require.NoError(t, c.prepare(context.Background(), &less))

	assert.ElementsMatch(t, []string{etcd, apiServer, controllerManager, scheduler, kwok, second, metricsServer},
		running(t, c))
}

func TestStatusTellsOfWhatIsMeantToRunBeside(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	states := func() map[string]State {
		all, err := c.Status(context.Background())
		require.NoError(t, err)
		by := map[string]State{}
		for _, s := range all {
			by[s.Name] = s.State
		}
		return by
	}
	assert.NotContains(t, states(), second, "nobody has asked for it")

	require.NoError(t, state{Up: true, Programs: []string{second}}.write(c.stack.ControlPlane()))
	assert.Equal(t, Died, states()[second])
	assert.NotContains(t, states(), first)
}

func TestTheKubeconfigHasOneContextAndNeedsNoOtherFile(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"), examples...)
	var s start
	require.NoError(t, c.prepare(context.Background(), &s))

	config, err := clientcmd.LoadFromFile(c.stack.Kubeconfig())
	require.NoError(t, err)
	require.NoError(t, clientcmd.ConfirmUsable(*config, c.stack.Context()))
	assert.Len(t, config.Contexts, 1)
	assert.Equal(t, c.stack.Context(), config.CurrentContext)
	assert.Equal(t, s.plan.url(apiServer), config.Clusters[c.stack.Context()].Server)
	assert.Empty(t, config.AuthInfos["admin"].ClientKey)
	assert.NotEmpty(t, config.AuthInfos["admin"].ClientKeyData)
	file, err := os.Stat(c.stack.Kubeconfig())
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), file.Mode().Perm())
}

func TestKubectlNeverSeesTheUsersOwnConfiguration(t *testing.T) {
	t.Setenv("KUBECONFIG", "/decoy")
	t.Setenv("HTTPS_PROXY", "http://decoy")
	l := sandbox(t, map[string]string{"kubectl": "tell"})
	c := New(l, l.Stack("local"), examples...)
	out, err := c.Kubectl(context.Background(), strings.NewReader("from stdin\n"), "get", "pods")
	require.NoError(t, err)
	lines := strings.Split(string(out), "\n")
	assert.Equal(t, "--kubeconfig="+c.stack.Kubeconfig()+" --context="+c.stack.Context()+" get pods", lines[0])
	assert.Equal(t, "from stdin", lines[1])
	assert.NotContains(t, string(out), "decoy")
}

func TestAFailedKubectlSaysWhy(t *testing.T) {
	l := sandbox(t, map[string]string{"kubectl": "refuse no such thing"})
	_, err := New(l, l.Stack("local"), examples...).Kubectl(context.Background(), nil, "get", "things")
	assert.EqualError(t, err, "running kubectl get things: exit status 4: no such thing")
}

func TestAnAnswerFromAStrangerIsNoSignOfHealth(t *testing.T) {
	stranger := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer stranger.Close()
	p := examplePlan(t)
	require.NoError(t, p.pki.ensure(certificates, time.Now()))
	p.ports[etcd] = stranger.Listener.Addr().(*net.TCPAddr).Port
	probes, err := newProbes(p)
	require.NoError(t, err)
	assert.ErrorContains(t, probes.health(context.Background(), p.component(etcd)), "certificate")
}
