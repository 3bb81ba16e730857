package live

import (
	"context"
	"fmt"
	"slices"
)

// postgresItem holds the fields that are read from a Cluster of CloudNativePG
// (https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/api/v1/cluster_types.go).
type postgresItem struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		ImageName string `json:"imageName"`
		Instances int    `json:"instances"`
	} `json:"spec"`
	Status struct {
		ReadyInstances int        `json:"readyInstances"`
		Phase          string     `json:"phase"`
		PhaseReason    string     `json:"phaseReason"`
		Image          string     `json:"image"`
		Conditions     conditions `json:"conditions"`
	} `json:"status"`
}

// healthyPhase is the phase of a Cluster in which nothing is left to do.
const healthyPhase = "Cluster in healthy state"

// stuckPhases are the phases that a Cluster does not leave by itself.
var stuckPhases = []string{
	"Waiting for user action",
	"Cluster cannot proceed to reconciliation due to an unknown plugin being required",
	"Cluster has incomplete or invalid image catalog",
	"Cluster is unrecoverable and needs manual intervention",
	"Cluster cannot execute instance online upgrade due to missing architecture binary",
	"Unable to create required cluster objects",
	"Invalid cluster definition",
}

func readPostgres(ctx context.Context, reader Reader) ([]Store, error) {
	found, err := list[postgresItem](ctx, reader, clustersPath+ofThePlatform)
	if err != nil {
		return nil, fmt.Errorf("listing the Clusters of PostgreSQL: %w", err)
	}
	var all []Store
	for _, one := range found {
		all = append(all, one.store())
	}
	return all, nil
}

// store returns a Cluster as a store. A Cluster does not record which generation its status is of, but which image.
func (p postgresItem) store() Store {
	status := p.Status
	runs := status.Image == "" || p.Spec.ImageName == "" || status.Image == p.Spec.ImageName
	store := Store{
		Name: p.Metadata.Name, Ready: status.ReadyInstances, Desired: p.Spec.Instances, Detail: p.Spec.ImageName,
		Up: status.Phase == healthyPhase && status.ReadyInstances == p.Spec.Instances &&
			status.Conditions.say("Ready", "True") && runs,
		stuck: slices.Contains(stuckPhases, status.Phase),
	}
	if !store.Up {
		store.Problem = p.problem()
	}
	return store
}

// problem returns what the operator says of a Cluster that is not up.
func (p postgresItem) problem() string {
	switch status := p.Status; {
	case status.Phase == "":
		return "its operator has not looked at it"
	case status.Phase != healthyPhase:
		return sentences(status.Phase, status.PhaseReason)
	case status.ReadyInstances != p.Spec.Instances:
		return fmt.Sprintf("%d of %d instances are ready", status.ReadyInstances, p.Spec.Instances)
	case !status.Conditions.say("Ready", "True"):
		return sentences("it is not ready", status.Conditions.of("Ready").Message)
	}
	return "it still runs " + p.Status.Image
}
