package main

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// instances are the instances of all clusters.
type instances struct {
	api api
	// lock guards started, the digests of the parameters that each instance read when it started.
	lock    sync.Mutex
	started map[types.UID]string
}

func newInstances(of api) *instances { return &instances{api: of, started: map[types.UID]string{}} }

// look does once what the instances of every cluster have to do.
func (i *instances) look(ctx context.Context) error {
	all, err := list[cluster](ctx, i.api, clusters, "", metav1.ListOptions{})
	if err != nil {
		return err
	}
	running, err := list[instance](ctx, i.api, pods, "", metav1.ListOptions{LabelSelector: instanceLabels})
	if err != nil {
		return err
	}
	i.forget(running)
	var failed []error
	for _, one := range all {
		own := of(running, one)
		i.start(one, own)
		failed = append(failed, i.lead(ctx, one, own))
		if primary := named(own, one.Status.CurrentPrimary); ready(primary) && one.leads(primary.Name) {
			failed = append(failed, i.applyAll(ctx, one))
		}
	}
	return errors.Join(failed...)
}

// of returns the instances of a cluster.
func of(running []instance, one cluster) []instance {
	var own []instance
	for _, pod := range running {
		if pod.Namespace == one.Namespace && pod.Labels[clusterLabel] == one.Name {
			own = append(own, pod)
		}
	}
	return own
}

// lead lets the chosen instance lead once it runs, and restarts a primary that is to be.
func (i *instances) lead(ctx context.Context, one cluster, own []instance) error {
	chosen := named(own, one.Status.TargetPrimary)
	if !ready(chosen) {
		return nil
	}
	if one.Status.CurrentPrimary != chosen.Name {
		return i.write(ctx, one, promotion(one, time.Now().UTC().Format(metav1.RFC3339Micro)))
	}
	if one.Status.Phase != restarting {
		return nil
	}
	i.read(chosen.UID, one.atStart())
	return i.write(ctx, one, restart(one))
}

func (i *instances) write(ctx context.Context, one cluster, status map[string]any) error {
	return i.api.patch(ctx, clusters, one.ObjectMeta, map[string]any{"status": status}, "status")
}

// start notes what the instances that were not seen before read when they start.
func (i *instances) start(one cluster, own []instance) {
	for _, pod := range own {
		if _, known := i.settings(pod.UID); !known {
			i.read(pod.UID, one.atStart())
		}
	}
}

// read notes what an instance reads when it starts.
func (i *instances) read(pod types.UID, settings string) {
	i.lock.Lock()
	defer i.lock.Unlock()
	i.started[pod] = settings
}

// settings returns what an instance read when it started, and whether that is known.
func (i *instances) settings(pod types.UID) (settings string, known bool) {
	i.lock.Lock()
	defer i.lock.Unlock()
	settings, known = i.started[pod]
	return settings, known
}

// forget drops what is known about instances that are gone.
func (i *instances) forget(running []instance) {
	there := map[types.UID]bool{}
	for _, pod := range running {
		there[pod.UID] = true
	}
	i.lock.Lock()
	defer i.lock.Unlock()
	maps.DeleteFunc(i.started, func(pod types.UID, _ string) bool { return !there[pod] })
}
