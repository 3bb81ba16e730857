package guard

import (
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// podSecurity is the judge that the API server asks, too.
var podSecurity, errPodSecurity = policy.NewEvaluator(policy.DefaultChecks(), nil)

// strictest is the Pod Security Standard that the platform's pods keep to
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted).
var strictest = api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}

// podExposures reads the pods of a workload of any kind: what the strictest Pod Security Standard forbids, and what the
// platform forbids beyond it.
func podExposures(inputs map[string]any) []string {
	given := object(inputs, "spec", "template", "spec")
	if given == nil {
		return nil
	}
	var spec corev1.PodSpec
	err := errors.Join(errPodSecurity, runtime.DefaultUnstructuredConverter.FromUnstructured(given, &spec))
	if err != nil {
		return []string{"has pods that cannot be judged before they are there"}
	}
	var found []string
	for _, result := range podSecurity.EvaluatePod(strictest, &metav1.ObjectMeta{}, &spec) {
		if !result.Allowed {
			found = append(found, fmt.Sprintf("has pods with %s (%s)", result.ForbiddenReason, result.ForbiddenDetail))
		}
	}
	return append(found, platformExposures(&spec)...)
}

// platformExposures are what the platform forbids of its own: a writable root file system, and a token of the API
// server.
func platformExposures(spec *corev1.PodSpec) []string {
	var found []string
	if spec.AutomountServiceAccountToken == nil || *spec.AutomountServiceAccountToken {
		found = append(found, "has pods with the token of their service account")
	}
	for _, container := range slices.Concat(spec.InitContainers, spec.Containers) {
		context := container.SecurityContext
		if context == nil || context.ReadOnlyRootFilesystem == nil || !*context.ReadOnlyRootFilesystem {
			found = append(found, fmt.Sprintf("has a container %s that may write to its root file system", container.Name))
		}
	}
	return found
}
