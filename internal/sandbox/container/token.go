package container

import (
	"context"
	"fmt"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// tokens are those that were requested, by the paths in their volumes.
type tokens map[string]issued

type issued struct {
	token    []byte
	renewing time.Time
}

// renewAfter is the share of a token's life after which a kubelet renews it
// (https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken).
const renewAfter = 0.8

// token returns a token of the pod's ServiceAccount, which is worth nothing after the pod.
func (v *volumes) token(ctx context.Context, of *corev1.ServiceAccountTokenProjection) ([]byte, error) {
	if known, ok := v.tokens[of.Path]; ok && time.Now().Before(known.renewing) {
		return known.token, nil
	}
	answer, err := v.request(ctx, of)
	if err != nil {
		return nil, fmt.Errorf("requesting a token of ServiceAccount %s: %w", v.account(), err)
	}
	life := time.Until(answer.ExpirationTimestamp.Time)
	v.tokens[of.Path] = issued{
		token: []byte(answer.Token), renewing: time.Now().Add(time.Duration(float64(life) * renewAfter)),
	}
	return []byte(answer.Token), nil
}

func (v *volumes) account() string { return v.spec.Pod.Spec.ServiceAccountName }

func (v *volumes) request(
	ctx context.Context, of *corev1.ServiceAccountTokenProjection,
) (*authenticationv1.TokenRequestStatus, error) {
	request := &authenticationv1.TokenRequest{
		TypeMeta:   metav1.TypeMeta{APIVersion: "authentication.k8s.io/v1", Kind: "TokenRequest"},
		ObjectMeta: metav1.ObjectMeta{Name: v.account(), Namespace: v.spec.Pod.Namespace},
		Spec: authenticationv1.TokenRequestSpec{
			ExpirationSeconds: of.ExpirationSeconds,
			BoundObjectRef: &authenticationv1.BoundObjectReference{
				Kind: "Pod", APIVersion: "v1", Name: v.spec.Pod.Name, UID: v.spec.Pod.UID,
			},
		},
	}
	if of.Audience != "" {
		request.Spec.Audiences = []string{of.Audience}
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(request)
	if err != nil {
		return nil, err
	}
	answer, err := v.client.Resource(serviceAccounts).Namespace(v.spec.Pod.Namespace).
		Create(ctx, &unstructured.Unstructured{Object: content}, metav1.CreateOptions{}, "token")
	if err != nil {
		return nil, err
	}
	var answered authenticationv1.TokenRequest
	err = runtime.DefaultUnstructuredConverter.FromUnstructured(answer.Object, &answered)
	return &answered.Status, err
}
