// Package grafana runs a Grafana that keeps nothing: its datasource and dashboards are files, its database is new with
// each pod (docs/decisions/grafana-keeps-nothing.md). What a user saves is gone with the pod, so nobody can save into a
// provisioned dashboard.
package grafana

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/dashboard"
)

// Port is the port on which Grafana answers users, probes and scrapes.
const Port = 3000

// workload is the name of Grafana's objects. Its scrape job finds its pods by it.
const workload = contract.JobGrafana

// Grafana is a running Grafana. Once its constructor has returned and the engine has moved on, it answers.
type Grafana struct {
	pulumi.ResourceState

	// URL is the address under which other pods of the cluster reach it, and Service the name of its Service.
	URL, Service string
	// Objects are the resources that routes to it wait for.
	Objects []pulumi.Resource
}

// Args are the inputs of New.
type Args struct {
	// Namespace is the namespace of Grafana.
	Namespace string
	// PrometheusURL is the Prometheus that every dashboard asks. A change replaces the pod.
	PrometheusURL string
	// Host is the DNS name under which browsers reach it. Empty where nothing leads there. A change replaces the pod.
	Host string
	// Dashboards are shown as they are. The first one is the home page. A changed one shows within two minutes; a further
	// folder replaces the pod.
	Dashboards []dashboard.Dashboard
	// AdminSecret is the name of the Secret with the password of the user admin, and AdminKey its key. The password is
	// read when the pod starts.
	AdminSecret, AdminKey string
	// After are the resources that must exist before the pod does, such as the namespace, its policies and the Secret.
	After []pulumi.Resource
}

// New registers a Grafana and everything that belongs to it.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Grafana, error) {
	grafana := &Grafana{
		URL: fmt.Sprintf("http://%s.%s.svc.cluster.local:%d", workload, args.Namespace, Port), Service: workload,
	}
	if err := ctx.RegisterComponentResource("dreamseed:monitoring:Grafana", name, grafana, opts...); err != nil {
		return nil, fmt.Errorf("registering Grafana: %w", err)
	}
	if err := grafana.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Grafana: %w", err)
	}
	if err := ctx.RegisterResourceOutputs(grafana, pulumi.Map{"url": pulumi.String(grafana.URL)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of Grafana: %w", err)
	}
	return grafana, nil
}

func (g *Grafana) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(g), pulumi.DependsOn(args.After)}
	account, err := newServiceAccount(ctx, name+"-account", args, child...)
	if err != nil {
		return fmt.Errorf("creating the service account: %w", err)
	}
	provisioning, err := newProvisioning(ctx, name+"-provisioning", args, child...)
	if err != nil {
		return fmt.Errorf("creating the provisioning: %w", err)
	}
	folders, err := newFolders(ctx, name+"-dashboards", args, child...)
	if err != nil {
		return fmt.Errorf("creating the dashboards: %w", err)
	}
	deployment, err := newDeployment(ctx, name+"-deployment", args,
		newPodTemplate(args, account, provisioning, folders), child...)
	if err != nil {
		return fmt.Errorf("creating the deployment: %w", err)
	}
	service, err := newService(ctx, name+"-service", args, child...)
	if err != nil {
		return fmt.Errorf("creating the service: %w", err)
	}
	g.Objects = []pulumi.Resource{deployment, service}
	return nil
}

// newServiceAccount registers an account without any right. Grafana asks Prometheus and nothing else.
func newServiceAccount(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.ServiceAccount, error) {
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata: args.metadata(workload), AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}

func (args *Args) metadata(name string) *metav1.ObjectMetaArgs {
	return kube.Metadata(args.Namespace, name, kube.WorkloadLabels(workload))
}

func selector() pulumi.StringMap { return pulumi.StringMap{kube.NameLabel: pulumi.String(workload)} }
