package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kustomization tells Argo CD what the folder consists of, and adds what only Argo CD reads: the manifests themselves
// have no annotation of it, so that they are exactly what is deployed, and anything else can apply them, too.
type kustomization struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
	Patches    []patch  `json:"patches"`
}

// patch adds annotations to the objects of some kinds.
type patch struct {
	Target target `json:"target"`
	Patch  string `json:"patch"`
}

// target selects objects by a regular expression of their kinds.
type target struct {
	Kind string `json:"kind"`
}

const (
	syncWave       = "argocd.argoproj.io/sync-wave"
	syncOptions    = "argocd.argoproj.io/sync-options"
	compareOptions = "argocd.argoproj.io/compare-options"
)

// treatments are the annotations that objects need beyond their wave. No object gets two of them.
var treatments = []struct {
	applies     func(object) bool
	annotations map[string]string
}{
	// Data dies with its namespace and its claim: a file that is gone deletes neither.
	{
		func(o object) bool { return o.kind == "Namespace" || o.kind == "PersistentVolumeClaim" },
		map[string]string{syncOptions: "Prune=false,Delete=false"},
	},
	// The Job of a former image stays, and is no difference: a rollback finds its migration complete. A hook would be
	// deleted and run again at each sync (https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks).
	{
		func(o object) bool { return o.kind == migration },
		map[string]string{syncOptions: "Prune=false", compareOptions: "IgnoreExtraneous"},
	},
	// On an empty cluster, the operators bring these kinds in an earlier stage of the same sync.
	{object.isCustom, map[string]string{syncOptions: "SkipDryRunOnMissingResource=true"}},
}

// isCustom reports whether a CustomResourceDefinition brings the object's kind.
func (o object) isCustom() bool {
	group, _, named := strings.Cut(o.apiVersion, "/")
	return named && strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io") && o.kind != applicationKind
}

func newKustomization(all []object) kustomization {
	k := kustomization{APIVersion: "kustomize.config.k8s.io/v1beta1", Kind: "Kustomization"}
	for _, one := range all {
		k.Resources = append(k.Resources, one.file())
	}
	for stage := range len(stages) + 1 {
		wave := fmt.Sprint(firstWave + stage)
		k.annotate(all, func(o object) bool { return o.stage() == stage }, map[string]string{syncWave: wave})
	}
	for _, one := range treatments {
		k.annotate(all, one.applies, one.annotations)
	}
	return k
}

// annotate adds a patch of the kinds to which it applies.
func (k *kustomization) annotate(all []object, applies func(object) bool, annotations map[string]string) {
	var kinds []string
	for _, one := range all {
		if applies(one) {
			kinds = append(kinds, one.kind)
		}
	}
	if len(kinds) == 0 {
		return
	}
	slices.Sort(kinds)
	k.Patches = append(k.Patches, patch{
		Target: target{Kind: strings.Join(slices.Compact(kinds), "|")}, Patch: annotating(annotations),
	})
}

// annotating returns a patch of any object: kustomize takes kind and name of the target.
func annotating(annotations map[string]string) string {
	lines := []string{"apiVersion: v1", "kind: any", "metadata:", "  name: any", "  annotations:"}
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		lines = append(lines, fmt.Sprintf("    %s: %q", key, annotations[key]))
	}
	return strings.Join(lines, "\n") + "\n"
}
