package live

import (
	"context"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/operator"
)

// Store is the status of one data store that runs in the cluster, as its controller reports it.
type Store struct {
	// Name is the key of its section in dreamseed:data.
	Name string `json:"name"`
	// Ready and Desired count its instances. Strimzi says of a broker only that it made it.
	Ready   int `json:"ready"`
	Desired int `json:"desired"`
	// Up reports whether every instance runs what is configured, and is ready.
	Up bool `json:"up"`
	// Detail is the image that it runs, or the version.
	Detail string `json:"detail"`
	// Problem is why the store is not up, as far as the API server knows. Empty if it is.
	Problem string `json:"problem,omitempty"`

	// stuck reports whether it cannot come up by itself.
	stuck bool
}

// problems returns why a store is not up, or nil if it is.
func (s Store) problems() []Problem {
	if s.Up {
		return nil
	}
	return []Problem{{What: sentences(s.Name+" is not up", s.Problem), Settled: s.stuck}}
}

// deployed are the stores that are Deployments, by the label of their name.
var deployed = []string{redis.Name, objects.Name}

// isForeign reports whether an object is of somebody else's store: unlike those of services, the names are common.
func (l listed) isForeign() bool {
	return slices.Contains(deployed, l.service()) && l.Metadata.Labels[kube.PartOfLabel] != kube.PartOf
}

// storeOf returns a store that is a Deployment.
func storeOf(name string, of Service) Store {
	return Store{
		Name: name, Ready: of.Ready, Desired: of.Desired, Up: of.RolledOut, Detail: of.Image,
		Problem: sentences(of.Progress, of.Problem), stuck: of.stuck,
	}
}

// The kinds of operators that are looked at: the stores themselves, and what they hold.
const (
	clustersPath = "/apis/postgresql.cnpg.io/v1/clusters"
	kafkasPath   = "/apis/kafka.strimzi.io/v1/kafkas"
	poolsPath    = "/apis/kafka.strimzi.io/v1/kafkanodepools"
)

// readStores reads the stores that an operator runs, and the problems of what they hold.
func (e *Environment) readStores(ctx context.Context, reader Reader, serves func(operator.Name) bool) error {
	for name, read := range map[operator.Name]func(context.Context, Reader) ([]Store, error){
		operator.CloudNativePG: readPostgres, operator.Strimzi: readKafka,
	} {
		if !serves(name) {
			continue
		}
		found, err := read(ctx, reader)
		if err != nil {
			return err
		}
		e.Stores = append(e.Stores, found...)
	}
	order := []string{postgres.Name, redis.Name, kafka.Name, objects.Name}
	slices.SortFunc(e.Stores, func(a, b Store) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	return e.readHeld(ctx, reader, serves)
}

// readHeld adds the problems of what the stores hold.
func (e *Environment) readHeld(ctx context.Context, reader Reader, serves func(operator.Name) bool) error {
	for _, kind := range heldKinds {
		if !serves(kind.operator) {
			continue
		}
		found, err := list[held](ctx, reader, kind.path+ofThePlatform)
		if err != nil {
			return fmt.Errorf("listing each %s: %w", kind.name, err)
		}
		for _, one := range found {
			e.Problems = append(e.Problems, one.problems(kind)...)
		}
	}
	return nil
}
