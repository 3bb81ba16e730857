package drift

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// refreshed is what the refresh of a preview found. The plan that follows it compares with the checkout's program,
// which may be newer than the deployment: its steps are no drift.
type refreshed struct {
	// seen are the resources that were compared.
	seen map[string]bool
	// paths are the differences of each resource.
	paths map[string][]difference
	// gone are the resources that do not exist.
	gone []string
	// problems say what was not compared.
	problems []string
}

type difference struct {
	path   string
	change Change
}

// changeOf translates the engine's kinds of differences, which it names from the state to the live resource
// (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/apitype/history.go, DiffKind).
var changeOf = map[apitype.DiffKind]Change{
	apitype.DiffAdd: Added, apitype.DiffAddReplace: Added,
	apitype.DiffUpdate: Changed, apitype.DiffUpdateReplace: Changed,
	apitype.DiffDelete: Removed, apitype.DiffDeleteReplace: Removed,
}

func readRefresh(state *apitype.DeploymentV3, events []apitype.EngineEvent) refreshed {
	read := refreshed{seen: map[string]bool{}, paths: map[string][]difference{}}
	begun := map[string]bool{}
	for _, event := range events {
		switch {
		case event.ResourcePreEvent != nil && event.ResourcePreEvent.Metadata.Op == apitype.OpRefresh:
			begun[event.ResourcePreEvent.Metadata.URN] = true
		case event.ResOutputsEvent != nil && begun[event.ResOutputsEvent.Metadata.URN]:
			read.note(event.ResOutputsEvent.Metadata)
			delete(begun, event.ResOutputsEvent.Metadata.URN) // what follows is the plan
		}
	}
	for _, one := range state.Resources {
		if isRefreshed(one) && !read.seen[string(one.URN)] {
			read.problems = append(read.problems, fmt.Sprintf("%s %s: the refresh did not get to it",
				one.Type, one.URN.Name()))
		}
	}
	return read
}

// isRefreshed reports whether a refresh reads the resource from its provider.
func isRefreshed(one apitype.ResourceV3) bool {
	return one.Custom && !one.External && !one.Delete && !strings.HasPrefix(string(one.Type), "pulumi:")
}

func (r *refreshed) note(found apitype.StepEventMetadata) {
	r.seen[found.URN] = true
	if found.New == nil {
		r.gone = append(r.gone, found.URN)
		return
	}
	for path, diff := range found.DetailedDiff {
		change, known := changeOf[diff.Kind]
		if !known {
			change = Changed
		}
		r.paths[found.URN] = append(r.paths[found.URN], difference{"." + path, change})
	}
	if len(found.DetailedDiff) == 0 {
		for _, path := range found.Diffs {
			r.paths[found.URN] = append(r.paths[found.URN], difference{"." + path, Changed})
		}
	}
	r.paths[found.URN] = sortedPaths(r.paths[found.URN])
}

// inTheCloud returns the deviations of resources outside of the cluster.
func (s *scan) inTheCloud(from refreshed) []Finding {
	var found []Finding
	for _, at := range from.gone {
		if resource := resourceOf(at); !strings.HasPrefix(resource.Kind, kubernetesTypes) || resource.Kind == helmRelease {
			found = append(found, s.ofResource(at, difference{change: Gone}))
		}
	}
	for at, differences := range from.paths {
		if resource := resourceOf(at); strings.HasPrefix(resource.Kind, kubernetesTypes) && resource.Kind != helmRelease {
			continue
		}
		for _, one := range differences {
			found = append(found, s.ofResource(at, one))
		}
	}
	return found
}

func resourceOf(at string) Object {
	parsed := urn.URN(at)
	return Object{Kind: string(parsed.Type()), Name: parsed.Name()}
}

func (s *scan) ofResource(at string, what difference) Finding {
	found := Finding{
		Change: what.change, Object: resourceOf(at), URN: at, Path: what.path, Remedy: refreshingUp(s.stack),
	}
	found.Class, found.Why = s.rules.judge(circumstance{
		kind: found.Object.Kind, path: what.path, change: what.change,
	})
	return found
}
