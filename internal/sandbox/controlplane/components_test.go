package controlplane

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func examplePlan(t *testing.T) plan {
	t.Helper()
	stack := layout.Layout{Stacks: t.TempDir()}.Stack("local")
	p := New(layout.Layout{}, stack, examples...).planned(everything, map[string]int{})
	for _, c := range p.components {
		for _, port := range c.ports {
			p.ports[port] = 40000 + len(p.ports)
		}
	}
	return p
}

var addressFlag = regexp.MustCompile(
	`^--(.*-urls|bind-address|advertise-address|server-address|etcd-servers|node-ip|.*-addr)=(.*)$`)

func TestEverythingListensOnLoopbackOnly(t *testing.T) {
	p := examplePlan(t)
	for _, c := range p.components {
		found := 0
		for _, arg := range c.args(p) {
			match := addressFlag.FindStringSubmatch(arg)
			if match == nil {
				continue
			}
			found++
			host := match[2]
			if u, err := url.Parse(host); err == nil && u.Host != "" {
				host = u.Host
				assert.Equal(t, "https", u.Scheme, arg)
			}
			assert.Equal(t, "127.0.0.1", strings.Split(host, ":")[0], "%s %s", c.name, arg)
		}
		assert.NotZero(t, found, "%s says nowhere what it listens on, and would listen everywhere", c.name)
	}
}

func TestWhatRunsBesideIsWhatIsAskedFor(t *testing.T) {
	tests := map[string]struct {
		spec   Spec
		beside []string
	}{
		"nothing":       {Spec{Simulation: Simulation{PodStartup: time.Second}}, nil},
		"one":           {Spec{Programs: []string{second}}, []string{second}},
		"in one order":  {Spec{Programs: []string{second, first}}, []string{first, second}},
		"only its CRDs": {Spec{Programs: []string{kindsAlone}}, nil},
		"metrics":       {Spec{Simulation: Simulation{Metrics: true}}, []string{metricsServer}},
		"everything":    {everything, []string{first, second, metricsServer}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := examplePlan(t)
			p.spec = test.spec
			assert.Equal(t, test.beside, p.additional())
		})
	}
}

func TestAProgramKnowsTheProxyToThePodsWhereOneRuns(t *testing.T) {
	p := examplePlan(t)
	p.spec = Spec{Programs: []string{first, second}}
	assert.Equal(t, "http://"+address(p.ports["first-metrics"]), p.instance(second).Proxy)
	p.spec = Spec{Programs: []string{second}}
	assert.Empty(t, p.instance(second).Proxy, "its port is remembered, and nothing listens there")
}

func TestEtcdAsksItsClientsForACertificate(t *testing.T) {
	p := examplePlan(t)
	args := p.etcd()
	assert.Contains(t, args, "--client-cert-auth")
	assert.Contains(t, args, "--peer-client-cert-auth")
	assert.Contains(t, args, "--trusted-ca-file="+p.pki.cert(etcdAuthority))
	assert.Contains(t, args, "--peer-trusted-ca-file="+p.pki.cert(etcdAuthority))
}

func TestNobodyIsAnonymous(t *testing.T) {
	assert.Contains(t, examplePlan(t).apiServer(), "--anonymous-auth=false")
	assert.Contains(t, examplePlan(t).apiServer(), "--authorization-mode=Node,RBAC")
}

func TestTheDefaultAdmissionPluginsStay(t *testing.T) {
	for _, arg := range examplePlan(t).apiServer() {
		assert.NotContains(t, arg, "admission", "Pod Security, quota and limits are judged by the real plugins")
	}
}

func TestComponentsComeAfterWhatTheyNeed(t *testing.T) {
	seen := map[string]bool{"": true}
	for _, c := range examplePlan(t).components {
		assert.True(t, seen[c.needs], "%s needs %s, which starts later", c.name, c.needs)
		seen[c.name] = true
	}
}

func TestARevisionChangesWithAllThatAComponentIsStartedFrom(t *testing.T) {
	dir := t.TempDir()
	program, file := filepath.Join(dir, "program"), filepath.Join(dir, "kubeconfig")
	put := func(path, content string) { require.NoError(t, os.WriteFile(path, []byte(content), 0o600)) }
	digest := func(args ...string) string {
		r, err := revision(program, args)
		require.NoError(t, err)
		return r
	}
	put(program, "v1")
	put(file, "one")
	before := digest("--kubeconfig=" + file)
	assert.Equal(t, before, digest("--kubeconfig="+file), "nothing changed")
	assert.NotEqual(t, before, digest("--kubeconfig="+file, "--v=2"), "another argument")
	put(file, "two")
	changed := digest("--kubeconfig=" + file)
	assert.NotEqual(t, before, changed, "a file that an argument names")
	put(program, "version 2")
	assert.NotEqual(t, changed, digest("--kubeconfig="+file), "another build of the program")
}

func TestAProgramIsStartedAgainWithAnotherFileOfItsOwn(t *testing.T) {
	files := map[string]func(Instance) string{
		"kubeconfig": func(i Instance) string { return i.Kubeconfig },
		"settings":   func(i Instance) string { return i.SettingsFile },
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			l := sandbox(t, nil)
			c := New(l, l.Stack("local"), examples...)
			s := start{spec: everything}
			require.NoError(t, c.prepare(t.Context(), &s))
			before := s.commands[second]
			assert.Contains(t, before.Env, "KUBECONFIG="+s.plan.kubeconfig(second))

			require.NoError(t, os.WriteFile(file(s.plan.instance(second)), []byte("other"), 0o600))
			after, err := c.command(s.plan.component(second), s.plan)

			require.NoError(t, err)
			assert.NotEqual(t, before.Revision, after.Revision)
			assert.NotContains(t, s.commands[first].Env, "KUBECONFIG="+s.plan.kubeconfig(second))
		})
	}
}

func TestAProgramThatIsNotBuiltIsAnError(t *testing.T) {
	_, err := revision(filepath.Join(t.TempDir(), "absent"), nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
}
