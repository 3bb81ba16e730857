package services

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Live is a Service as it is in the cluster.
type Live struct {
	Selector    map[string]string
	Annotations map[string]string
}

const (
	// versionKey is the key that Argo Rollouts adds to the selector of a Service whose version it selects
	// (https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen).
	versionKey = "rollouts-pod-template-hash"
	// takenBackKey is the annotation that records what was last removed from a selector. Once written it stays.
	takenBackKey  = "dreamseed.ai/selector-taken-back"
	takenBackPath = `metadata.annotations["` + takenBackKey + `"]`
)

// withoutVersion drops the key that Argo Rollouts adds.
func (l Live) withoutVersion() Live {
	l.Selector = maps.Clone(l.Selector)
	delete(l.Selector, versionKey)
	return l
}

// selectsAlone reports whether the live selector has no keys beyond the program's own. It reports true for a Service
// that is not known.
func (l Live) selectsAlone(workload string) bool {
	return len(l.Selector) == 0 || maps.Equal(l.Selector, Selector(workload))
}

// takenBack annotates a Service whose live selector has a key that is not the program's. The engine compares only the
// program's own keys and would never see it; the annotation is a difference, and the resulting update applies the whole
// selector.
func takenBack(live Live, selected pulumi.StringMap) pulumi.StringMap {
	foreign := maps.Clone(live.Selector)
	maps.DeleteFunc(foreign, func(key, _ string) bool { return selected[key] != nil })
	if len(foreign) == 0 {
		return nil
	}
	return pulumi.StringMap{takenBackKey: pulumi.String(fingerprint(foreign, live.Annotations[takenBackKey]))}
}

// fingerprint differs from the former one, even if the same key is added again.
func fingerprint(foreign map[string]string, former string) string {
	content := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(foreign)) {
		fmt.Fprintf(content, "%q=%q\n", key, foreign[key])
	}
	content.Write([]byte(former))
	return hex.EncodeToString(content.Sum(nil))[:12]
}
