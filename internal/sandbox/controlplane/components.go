package controlplane

import (
	"path/filepath"
	"slices"
	"strconv"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// component is one program of the control plane.
type component struct {
	// name is the name of the program, its log, its record and its first port.
	name string
	// ports names the ports that it listens on. The first one serves health.
	ports []string
	// health is the path that returns 200 when the component is ready.
	health string
	// needs names the component that it is a client of. It is restarted whenever that one is: a client that survives a
	// restart of its server may give up at any moment after it.
	needs string
	// args returns its arguments.
	args func(p plan) []string
	// scheme is the scheme of its health URL. Default: https.
	scheme string
	// env returns its environment variables beyond those of every component. Optional.
	env func(p plan) []string
	// wanted reports whether it is part of a control plane. Nil for a component of every control plane.
	wanted func(Spec) bool
}

const (
	etcd              = "etcd"
	etcdPeer          = "etcd-peer"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	scheduler         = "kube-scheduler"
	kwok              = "kwok"
	metricsServer     = "metrics-server"
)

// own are the components of the control plane itself, in start order.
var own = []component{
	{name: etcd, ports: []string{etcd, etcdPeer}, health: "/health", args: plan.etcd},
	{name: apiServer, ports: []string{apiServer}, health: "/readyz", needs: etcd, args: plan.apiServer},
	{
		name: controllerManager, ports: []string{controllerManager}, health: "/healthz", needs: apiServer,
		args: plan.controllerManager,
	},
	{name: scheduler, ports: []string{scheduler}, health: "/healthz", needs: apiServer, args: plan.scheduler},
	{name: kwok, ports: []string{kwok}, health: "/healthz", needs: apiServer, args: plan.kwok},
}

// withPrograms returns the components of a control plane with these programs beside it, in start order. They stop in
// reverse order.
func withPrograms(programs []Program) []component {
	all := slices.Clone(own)
	for _, program := range programs {
		if program.runs() {
			all = append(all, program.component())
		}
	}
	return append(all, metrics)
}

// wantedBy reports whether a control plane has the component.
func (c component) wantedBy(s Spec) bool { return c.wanted == nil || c.wanted(s) }

// url returns the component's base URL for health requests.
func (c component) url(p plan) string {
	if c.scheme != "" {
		return c.scheme + "://" + address(p.ports[c.name])
	}
	return p.url(c.name)
}

// Address ranges that exist in the simulation only.
const (
	serviceRange = "10.96.0.0/16"
	podRange     = "10.244.0.1/16"
)

// plan holds the inputs of the components' arguments.
type plan struct {
	stack layout.Stack
	pki   pki
	ports map[string]int
	spec  Spec
	// programs are those that may run beside the control plane, and components are these and its own.
	programs   []Program
	components []component
}

// instance returns a program as it runs in the control plane.
func (p plan) instance(program string) Instance {
	return Instance{
		Kubeconfig: p.kubeconfig(program), SettingsFile: p.stack.Settings(program),
		Certificates: p.stack.Certificates(), CertificateFile: p.pki.cert(serving(program)),
		KeyFile: p.pki.key(serving(program)),
		Ports:   p.ports, Namespaces: p.spec.Namespaces, IngressNamespaces: p.spec.IngressNamespaces, Proxy: p.proxy(),
	}
}

// proxy returns the URL of the proxy to the pods, or "" if none is to run.
func (p plan) proxy() string {
	for _, program := range p.programs {
		if program.Proxy != "" && slices.Contains(p.spec.Programs, program.Name) {
			return "http://" + address(p.ports[program.Proxy])
		}
	}
	return ""
}

// component returns a component by its name.
func (p plan) component(name string) component {
	at := slices.IndexFunc(p.components, func(c component) bool { return c.name == name })
	return p.components[at]
}

// additional returns the names of the components additional the control plane.
func (p plan) additional() []string {
	var names []string
	for _, c := range p.components {
		if c.wanted != nil && c.wanted(p.spec) {
			names = append(names, c.name)
		}
	}
	return names
}

func (p plan) url(port string) string { return "https://" + address(p.ports[port]) }

func (p plan) port(name string) string { return strconv.Itoa(p.ports[name]) }

func (p plan) kubeconfig(component string) string {
	return filepath.Join(p.stack.Certificates(), component+".kubeconfig")
}

func (p plan) etcd() []string {
	return []string{
		"--data-dir=" + p.stack.Etcd(),
		"--listen-client-urls=" + p.url(etcd),
		"--advertise-client-urls=" + p.url(etcd),
		"--listen-peer-urls=" + p.url(etcdPeer),
		"--initial-advertise-peer-urls=" + p.url(etcdPeer),
		"--initial-cluster=default=" + p.url(etcdPeer),
		"--client-cert-auth",
		"--trusted-ca-file=" + p.pki.cert(etcdAuthority),
		"--cert-file=" + p.pki.cert("etcd-server"),
		"--key-file=" + p.pki.key("etcd-server"),
		"--peer-client-cert-auth",
		"--peer-trusted-ca-file=" + p.pki.cert(etcdAuthority),
		"--peer-cert-file=" + p.pki.cert("etcd-peer"),
		"--peer-key-file=" + p.pki.key("etcd-peer"),
		"--log-level=warn",
	}
}

func (p plan) apiServer() []string {
	return []string{
		"--bind-address=" + loopback,
		"--advertise-address=" + loopback,
		"--secure-port=" + p.port(apiServer),
		"--endpoint-reconciler-type=none", // Endpoints refuse loopback addresses
		"--etcd-servers=" + p.url(etcd),
		"--etcd-cafile=" + p.pki.cert(etcdAuthority),
		"--etcd-certfile=" + p.pki.cert("etcd-client"),
		"--etcd-keyfile=" + p.pki.key("etcd-client"),
		"--tls-cert-file=" + p.pki.cert(apiServer),
		"--tls-private-key-file=" + p.pki.key(apiServer),
		"--client-ca-file=" + p.pki.cert(clusterAuthority),
		"--anonymous-auth=false",
		"--authorization-mode=Node,RBAC",
		"--allow-privileged", // Pod Security decides what a namespace may run, as in any cluster
		"--service-cluster-ip-range=" + serviceRange,
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + p.pki.key(serviceAccountKey),
		"--service-account-signing-key-file=" + p.pki.key(serviceAccountKey),
		"--requestheader-client-ca-file=" + p.pki.cert(frontProxyAuthority),
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + p.pki.cert("front-proxy-client"),
		"--proxy-client-key-file=" + p.pki.key("front-proxy-client"),
		"--profiling=false",
	}
}

// managed returns the arguments that the controller manager and the scheduler share.
func (p plan) managed(name string) []string {
	return []string{
		"--bind-address=" + loopback,
		"--secure-port=" + p.port(name),
		"--tls-cert-file=" + p.pki.cert(name+"-server"),
		"--tls-private-key-file=" + p.pki.key(name+"-server"),
		"--kubeconfig=" + p.kubeconfig(name),
		"--authentication-kubeconfig=" + p.kubeconfig(name),
		"--authorization-kubeconfig=" + p.kubeconfig(name),
		"--client-ca-file=" + p.pki.cert(clusterAuthority),
		"--requestheader-client-ca-file=" + p.pki.cert(frontProxyAuthority),
		"--leader-elect=false",
		"--profiling=false",
		"--kube-api-qps=200",
		"--kube-api-burst=400",
	}
}

func (p plan) controllerManager() []string {
	return append(p.managed(controllerManager),
		"--use-service-account-credentials",
		"--service-account-private-key-file="+p.pki.key(serviceAccountKey),
		"--root-ca-file="+p.pki.cert(clusterAuthority),
		"--flex-volume-plugin-dir="+p.stack.VolumePlugins(),
	)
}

func (p plan) scheduler() []string { return p.managed(scheduler) }

func (p plan) kwok() []string {
	args := []string{
		"--kubeconfig=" + p.kubeconfig(kwok),
		"--server-address=" + address(p.ports[kwok]),
		"--tls-cert-file=" + p.pki.cert("kwok-server"),
		"--tls-private-key-file=" + p.pki.key("kwok-server"),
		"--manage-all-nodes",
		"--node-lease-duration-seconds=40",
		"--node-ip=" + loopback, // requests to a simulated kubelet, such as for logs, stay on this machine
		"--node-port=" + p.port(kwok),
		"--cidr=" + podRange,
	}
	for _, file := range p.stageFiles() {
		args = append(args, "--config="+file)
	}
	return args
}

func (p plan) stageFiles() []string {
	files, err := filepath.Glob(filepath.Join(p.stack.Stages(), "*.yaml"))
	if err != nil {
		return nil // the pattern is well formed: Glob has no other error
	}
	slices.Sort(files)
	return files
}
