package controlplane

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/build"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

func examplePlan(t *testing.T) plan {
	t.Helper()
	stack := layout.Layout{Stacks: t.TempDir()}.Stack("local")
	p := plan{stack, pki(stack.Certificates()), map[string]int{}, everything}
	for _, c := range components {
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
	for _, c := range components {
		if listensByOtherMeans[c.name] {
			continue
		}
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

// listensByOtherMeans has the components with listen addresses that are not set by arguments.
var listensByOtherMeans = map[string]bool{argoRollouts: true, traefik: true}

func TestTraefikListensOnLoopbackOnly(t *testing.T) {
	p := examplePlan(t)
	require.NoError(t, p.writeTraefikSettings())
	data, err := os.ReadFile(p.stack.Traefik())
	require.NoError(t, err)
	var settings struct {
		EntryPoints map[string]struct{ Address string } `yaml:"entryPoints"`
	}
	require.NoError(t, yaml.Unmarshal(data, &settings))
	listens := map[string]bool{}
	for _, entryPoint := range settings.EntryPoints {
		listens[entryPoint.Address] = true
	}
	assert.Equal(t, map[string]bool{
		address(p.ports[traefik]): true, address(p.ports[traefikWeb]): true, address(p.ports[traefikSecure]): true,
	}, listens)
}

func TestArgoRolloutsIsBuiltToListenOnLoopbackOnly(t *testing.T) {
	built := build.OperatorComponents([]operator.Name{operator.ArgoRollouts})
	require.Len(t, built, 1)
	require.Len(t, built[0].Source.Edits, 1, "it has no flag for its address")
	assert.Contains(t, built[0].Source.Edits[0].New, loopback)
}

func TestTraefikCallsNobodyButTheAPIServer(t *testing.T) {
	settings := examplePlan(t).traefikSettings()
	assert.Equal(t, fields{"checkNewVersion": false, "sendAnonymousUsage": false}, settings["global"])
	assert.NotContains(t, settings, "certificatesResolvers", "an issuer is outside this machine")
}

func TestWhatRunsBesideIsWhatTheSimulationAsksFor(t *testing.T) {
	tests := map[string]struct {
		simulation Simulation
		beside     []string
	}{
		"nothing":  {Simulation{PodStartup: time.Second}, nil},
		"rollouts": {Simulation{Operators: []operator.Name{operator.ArgoRollouts}}, []string{argoRollouts}},
		"secrets": {
			Simulation{Operators: []operator.Name{operator.ExternalSecrets, operator.SealedSecrets}},
			[]string{externalSecrets, sealedSecrets},
		},
		"ingress":       {Simulation{Operators: []operator.Name{operator.CertManager, operator.Traefik}}, []string{traefik}},
		"only its CRDs": {Simulation{Operators: []operator.Name{operator.CertManager}}, nil},
		"metrics":       {Simulation{Metrics: true}, []string{metricsServer}},
		"everything":    {everything, []string{argoRollouts, externalSecrets, sealedSecrets, traefik, metricsServer}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.beside, test.simulation.beside()) })
	}
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
	for _, c := range components {
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

func TestTraefikIsStartedAgainWithAnotherKubeconfig(t *testing.T) {
	l := sandbox(t, nil)
	c := New(l, l.Stack("local"))
	s := start{simulation: everything}
	require.NoError(t, c.prepare(t.Context(), &s))
	before := s.commands[traefik]
	assert.Contains(t, before.Env, "KUBECONFIG="+s.plan.kubeconfig(traefik))

	require.NoError(t, os.WriteFile(s.plan.kubeconfig(traefik), []byte("other"), 0o600))
	at := slices.IndexFunc(components, func(c component) bool { return c.name == traefik })
	after, err := c.command(components[at], s.plan)

	require.NoError(t, err)
	assert.NotEqual(t, before.Revision, after.Revision)
	assert.NotContains(t, s.commands[argoRollouts].Env, "KUBECONFIG="+s.plan.kubeconfig(traefik))
}

func TestAProgramThatIsNotBuiltIsAnError(t *testing.T) {
	_, err := revision(filepath.Join(t.TempDir(), "absent"), nil)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// everything is a simulation with all programs that can run beside a control plane.
var everything = Simulation{Operators: operator.Names(), Namespace: "shop", Metrics: true}
