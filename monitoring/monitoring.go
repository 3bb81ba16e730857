package monitoring

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/alertmanager"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/grafana"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/monitoring/prometheus"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// Monitoring watches an environment.
type Monitoring struct {
	pulumi.ResourceState

	// URL is the query API of Prometheus, as the cluster reaches it.
	URL string
}

// Args describes the environment.
type Args struct {
	Spec Spec
	// Environment becomes a label of every alert.
	Environment string
	// Namespace is the namespace of the monitoring stack, NodeAgents that of the agents that see the host, and
	// ServicesNamespace that of the services.
	Namespace, NodeAgents, ServicesNamespace string
	// Logs describes what keeps the services' lines, which is watched, too.
	Logs logging.Spec
	// Stores are the data stores that run in the cluster, which are watched, too.
	Stores Stores
	// Services are the services that are watched.
	Services []catalogue.Service
	// Operators are the installed operators.
	Operators []operator.Operator
	// StorageClass is the class of the volumes. Empty for the cluster's default.
	StorageClass string
	// Protect refuses the deletion of volumes.
	Protect bool
	// Secrets writes the credentials.
	Secrets secrets.Backend
	// Ingress is the ingress of the environment, which may lead to Grafana, and IngressReady what it needs.
	Ingress      ingress.Spec
	IngressReady []pulumi.Resource
	// DeadlineSeconds is how long an operator may take to write a credential, or to publish an address.
	DeadlineSeconds int
	// After are the resources that must exist before the first pod, such as the namespaces with their policies.
	After []pulumi.Resource
}

// builder registers the parts. Its methods run in the order in which New calls them, and each sets the fields that
// later ones depend on.
type builder struct {
	ctx   *pulumi.Context
	name  string
	args  *Args
	child pulumi.ResourceOption

	credentials  map[string]secrets.Mounted
	ready        []pulumi.Resource
	alertmanager *alertmanager.Alertmanager
	prometheus   *prometheus.Prometheus
}

// New registers everything that watches an environment whose Prometheus is its own.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Monitoring, error) {
	made := &Monitoring{URL: OwnURL(args.Namespace)}
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Monitoring", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the monitoring: %w", err)
	}
	b := &builder{ctx: ctx, name: name, args: args, child: pulumi.Parent(made)}
	for _, register := range []func() error{
		b.newSecrets, b.newExporters, b.newAlertmanager, b.newPrometheus, b.newGrafana,
	} {
		if err := register(); err != nil {
			return nil, fmt.Errorf("building the monitoring: %w", err)
		}
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{"url": pulumi.String(made.URL)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the monitoring: %w", err)
	}
	return made, nil
}

// OwnURL returns the query API of the platform's own Prometheus.
func OwnURL(namespace string) string {
	return fmt.Sprintf("http://prometheus.%s:%d", namespace, prometheus.Port)
}

// newSecrets registers the Secrets with the credentials.
func (b *builder) newSecrets() error {
	sources := map[string]secrets.Source{}
	for key, secret := range b.args.Spec.Secrets {
		sources[key] = secrets.Source(secret)
	}
	made, err := b.args.Secrets.NewSecrets(b.ctx, b.name+"-secrets", &secrets.Args{
		Owner:           Owner,
		Namespace:       b.args.Namespace,
		Sources:         sources,
		DeadlineSeconds: b.args.DeadlineSeconds,
		After:           b.args.After,
	}, b.child)
	if err != nil {
		return err
	}
	b.credentials, b.ready = map[string]secrets.Mounted{}, slices.Concat(b.args.After, made.Ready)
	for _, mounted := range made.Mounted {
		b.credentials[mounted.Key] = mounted
	}
	return nil
}

// Owner owns the Secrets of the monitoring. Its name must not be that of a service.
var Owner = secrets.Owner{Name: "monitoring", Workload: "monitoring"}

func (b *builder) newExporters() error {
	_, err := exporter.NewKubeStateMetrics(b.ctx, b.name+"-kube-state-metrics", &exporter.KubeStateMetricsArgs{
		Namespace: b.args.Namespace,
		Watched:   []string{b.args.ServicesNamespace, b.args.Namespace},
		After:     b.args.After,
	}, b.child)
	if err != nil {
		return err
	}
	_, err = exporter.NewNodeExporter(b.ctx, b.name+"-node-exporter", &exporter.NodeExporterArgs{
		Namespace: b.args.NodeAgents, After: b.args.After,
	}, b.child)
	return err
}

func (b *builder) newAlertmanager() error {
	var receivers []scrape.Receiver
	var keys []string
	for _, one := range b.args.Spec.Receivers {
		keys = append(keys, one.Secret)
		receivers = append(receivers, scrape.Receiver{
			Name: one.Name, Kind: one.Kind, File: alertmanager.CredentialsPath + "/" + one.Secret,
		})
	}
	config, err := scrape.Alertmanager(scrape.AlertmanagerArgs{
		Receivers: receivers, Routes: scrape.Routes(b.args.Spec.Routes.complete()),
	})
	if err != nil {
		return err
	}
	b.alertmanager, err = alertmanager.New(b.ctx, b.name+"-alertmanager", &alertmanager.Args{
		Namespace:    b.args.Namespace,
		Replicas:     b.args.Spec.Replicas,
		Storage:      alertmanagerStorage,
		StorageClass: b.args.StorageClass,
		Config:       config,
		Credentials:  b.mounted(keys),
		Protect:      b.args.Protect,
		After:        b.ready,
	}, b.child)
	return err
}

// complete returns the routes with their defaults.
func (r Routes) complete() Routes {
	if r.Ticket == "" {
		r.Ticket = r.Page
	}
	return r
}

func (b *builder) newPrometheus() error {
	rules, err := b.rules()
	if err != nil {
		return err
	}
	b.prometheus, err = prometheus.New(b.ctx, b.name+"-prometheus", &prometheus.Args{
		Namespace:     b.args.Namespace,
		Replicas:      b.args.Spec.Replicas,
		Storage:       b.args.Spec.Storage,
		StorageClass:  b.args.StorageClass,
		Config:        func(replica string) (string, error) { return scrape.Prometheus(b.scraped(replica)) },
		Rules:         rules,
		Credentials:   b.remoteCredentials(),
		Scraped:       b.scrapedNamespaces(),
		MemoryRequest: memoryFor(b.series()),
		Protect:       b.args.Protect,
		After:         b.ready,
	}, b.child)
	return err
}

func (b *builder) newGrafana() error {
	dashboards, err := b.dashboards()
	if err != nil {
		return err
	}
	password := b.credentials[GrafanaPassword]
	made, err := grafana.New(b.ctx, b.name+"-grafana", &grafana.Args{
		Namespace:     b.args.Namespace,
		PrometheusURL: OwnURL(b.args.Namespace),
		Host:          b.args.Spec.Grafana.Host,
		Dashboards:    dashboards,
		AdminSecret:   password.Name,
		AdminKey:      password.Key,
		After:         b.ready,
	}, b.child)
	if err != nil || b.args.Spec.Grafana.Host == "" {
		return err
	}
	_, err = ingress.NewProtected(b.ctx, b.name+"-grafana-ingress", &ingress.ProtectedArgs{
		Spec:            b.args.Ingress,
		Host:            b.args.Spec.Grafana.Host,
		Namespace:       b.args.Namespace,
		Service:         made.Service,
		UsersSecret:     b.credentials[b.args.Spec.Grafana.Users].Name,
		DeadlineSeconds: b.args.DeadlineSeconds,
		Operators:       b.args.IngressReady,
		After:           append(made.Objects, b.ready...),
	}, b.child)
	return err
}
