package live

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/config"
)

// ShortOf returns everything that is not as the configuration says.
func (e *Environment) ShortOf(cfg *config.Config) []Problem {
	if cfg.Secrets.Bootstrap {
		return e.Problems
	}
	short := slices.Concat(e.Problems, e.missingSources(cfg))
	for _, one := range cfg.Services {
		short = append(short, e.serviceProblems(one.Workload())...)
	}
	for _, name := range cfg.Data.Running() {
		short = append(short, e.storeProblems(name)...)
	}
	return short
}

// missingSources returns the objects that the configuration declares but that do not exist.
func (e *Environment) missingSources(cfg *config.Config) []Problem {
	there := map[string]bool{}
	for _, source := range e.sources {
		there[source.kind.name+" "+source.Metadata.id()] = source.Metadata.DeletionTimestamp == ""
	}
	var short []Problem
	for _, owner := range cfg.SecretOwners() {
		for _, key := range owner.Keys() {
			kind, name := sourceOf(cfg.Secrets.Backend, owner, key)
			if !there[kind+" "+owner.Namespace+"/"+name] {
				short = append(short, Problem{
					What:    fmt.Sprintf("%s has no secret %s: %s %s is not there", owner.Workload, key, kind, name),
					Settled: true,
				})
			}
		}
	}
	return short
}

// sourceOf returns the kind and name of the object that a secret is written from.
func sourceOf(backend config.SecretBackend, owner config.SecretOwner, key string) (kind, name string) {
	switch {
	case backend == config.SealedSecrets:
		return "SealedSecret", owner.SealedSecret(key)
	case owner.Secrets[key].Generate > 0:
		return "ExternalSecret", owner.GeneratedSecret(key)
	}
	return "ExternalSecret", owner.ReadSecret(key)
}

func (e *Environment) serviceProblems(workload string) []Problem {
	at := slices.IndexFunc(e.Services, func(s Service) bool { return s.Name == workload })
	switch {
	case at < 0:
		return []Problem{{What: workload + " is not there", Settled: true}}
	case e.Services[at].RolledOut:
		return nil
	}
	what := sentences(workload+" is not rolled out", e.Services[at].Problem)
	return []Problem{{What: what, Settled: e.Services[at].stuck}}
}

func (e *Environment) storeProblems(name string) []Problem {
	at := slices.IndexFunc(e.Stores, func(s Store) bool { return s.Name == name })
	if at < 0 {
		return []Problem{{What: name + " is not there", Settled: true}}
	}
	return e.Stores[at].problems()
}
