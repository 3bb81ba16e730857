package platform

import (
	"errors"
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/services"
)

// checkAdoption looks for objects that have a name of the platform's but were created by another client: an update
// would silently take them over, and a destroy would delete them. An object that cannot be taken over is an error
// before anything is registered.
func (b *builder) checkAdoption() error {
	if b.cluster.Look == nil {
		return nil
	}
	for _, name := range namespaces(b.cfg) {
		if err := warnOfNamespace(b.ctx, b.cluster.Look, name); err != nil {
			return err
		}
	}
	var there liveList
	path := "apis/apps/v1/namespaces/" + b.cfg.Environment.Namespace() + "/deployments"
	if err := b.cluster.Look(b.ctx.Context(), path, &there); err != nil {
		return err
	}
	deployments := there.byName()
	var refused []error
	for _, service := range b.cfg.Services {
		if one := deployments[service.Workload()]; one.isForeign() && !service.Release.Strategy.ByRollout() {
			refused = append(refused, adoptDeployment(b.ctx, b.cfg.Environment.Namespace(), one))
		}
	}
	return errors.Join(refused...)
}

// namespaces returns all namespaces that the stack creates.
func namespaces(cfg *config.Config) []string {
	names := []string{cfg.Environment.Namespace(), config.MonitoringNamespace}
	if cfg.Monitoring.IsOwn() {
		names = append(names, exporter.NodeAgentsNamespace)
	}
	for _, used := range installed(cfg) {
		names = append(names, used.Namespace())
	}
	return names
}

func warnOfNamespace(ctx *pulumi.Context, look cluster.Look, name string) error {
	var there liveObject
	if err := look(ctx.Context(), "api/v1/namespaces/"+name, &there); err != nil {
		return err
	}
	if !there.isForeign() {
		return nil
	}
	return ctx.Log.Warn(fmt.Sprintf("namespace %s is there already, and its labels do not say that it is the platform's. "+
		"An up takes it over and sets its labels; a destroy deletes it with everything in it.", name), nil)
}

// adoptDeployment refuses a Deployment that selects other pods: the selector of a Deployment is immutable.
func adoptDeployment(ctx *pulumi.Context, namespace string, there liveObject) error {
	name := there.Metadata.Name
	if maps.Equal(byLabels(there.Spec.Selector["matchLabels"]), services.Selector(name)) {
		return ctx.Log.Warn(fmt.Sprintf("deployment %s of namespace %s is there already, and its labels do not say that it "+
			"is the platform's. An up takes it over; a destroy deletes it.", name, namespace), nil)
	}
	return fmt.Errorf("adopting deployment %[1]s of namespace %[2]s: somebody else made it, and it selects other pods "+
		"than the platform's, which cannot be changed. Nothing was changed; "+
		"`kubectl delete deployment %[1]s --namespace %[2]s` makes room", name, namespace)
}
