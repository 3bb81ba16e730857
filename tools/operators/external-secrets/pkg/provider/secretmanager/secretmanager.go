// Package secretmanager is a stand-in for the secret managers of Google Cloud, AWS and Azure, registered under their
// names. It keeps the secrets of all of them in one namespace of the sandbox's own cluster: a Secret for each, with its
// value under one key. Like the real ones it requires a service account that is bound to an identity of the cloud and,
// where the cloud has one, a region, and knows only secrets that somebody has created. Unlike them it checks no
// permission.
package secretmanager

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	esv1 "github.com/external-secrets/external-secrets/apis/externalsecrets/v1"
	esmeta "github.com/external-secrets/external-secrets/apis/meta/v1"
)

const (
	namespace = "secret-manager"
	property  = "value"
)

// identity is the service account that a store reads as, and the annotation that binds it to the cloud.
type identity struct {
	account    *esmeta.ServiceAccountSelector
	annotation string
	// region is the region in which the manager looks up the identity, and form its syntax. Both are empty if the cloud
	// needs none.
	region string
	form   *regexp.Regexp
}

// identities return the identity in a cloud's part of a store, or nil if the store belongs to another cloud.
var identities = []func(*esv1.SecretStoreProvider) *identity{google, amazon, microsoft}

func google(store *esv1.SecretStoreProvider) *identity {
	if store.GCPSM == nil || store.GCPSM.Auth.WorkloadIdentity == nil {
		return nil
	}
	bound := store.GCPSM.Auth.WorkloadIdentity
	return &identity{&bound.ServiceAccountRef, "iam.gke.io/gcp-service-account", bound.ClusterLocation, regionOfGoogle}
}

func amazon(store *esv1.SecretStoreProvider) *identity {
	if store.AWS == nil || store.AWS.Auth.JWTAuth == nil {
		return nil
	}
	return &identity{store.AWS.Auth.JWTAuth.ServiceAccountRef, "eks.amazonaws.com/role-arn", store.AWS.Region, regionOfAWS}
}

func microsoft(store *esv1.SecretStoreProvider) *identity {
	if store.AzureKV == nil || store.AzureKV.ServiceAccountRef == nil {
		return nil
	}
	return &identity{store.AzureKV.ServiceAccountRef, "azure.workload.identity/client-id", "", nil}
}

// A zone ends in a further letter: the identity of a regional cluster is not known there.
var (
	regionOfGoogle = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)
	regionOfAWS    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)
)

type provider struct{}

func init() {
	for _, of := range []*esv1.SecretStoreProvider{
		{GCPSM: &esv1.GCPSMProvider{}}, {AWS: &esv1.AWSProvider{}}, {AzureKV: &esv1.AzureKVProvider{}},
	} {
		esv1.Register(provider{}, of, esv1.MaintenanceStatusMaintained)
	}
}

func (provider) Capabilities() esv1.SecretStoreCapabilities { return esv1.SecretStoreReadOnly }

func (provider) ValidateStore(store esv1.GenericStore) (admission.Warnings, error) {
	_, err := identityOf(store)
	return nil, err
}

func identityOf(store esv1.GenericStore) (*identity, error) {
	for _, find := range identities {
		who := find(store.GetSpec().Provider)
		if who == nil {
			continue
		}
		if who.form != nil && !who.form.MatchString(who.region) {
			return nil, fmt.Errorf("%q is no region", who.region)
		}
		return who, nil
	}
	return nil, errors.New("the store names no service account to read as")
}

func (provider) NewClient(
	ctx context.Context, store esv1.GenericStore, kube client.Client, home string,
) (esv1.SecretsClient, error) {
	who, err := identityOf(store)
	if err != nil {
		return nil, err
	}
	account := &corev1.ServiceAccount{}
	if err := kube.Get(ctx, types.NamespacedName{Namespace: home, Name: who.account.Name}, account); err != nil {
		return nil, err
	}
	if account.Annotations[who.annotation] == "" {
		return nil, fmt.Errorf("service account %s/%s has no annotation %s", home, who.account.Name, who.annotation)
	}
	return &reader{kube}, nil
}

// reader is a client that only reads.
type reader struct{ kube client.Client }

func (r *reader) GetSecret(ctx context.Context, ref esv1.ExternalSecretDataRemoteRef) ([]byte, error) {
	secret := &corev1.Secret{}
	err := r.kube.Get(ctx, types.NamespacedName{Namespace: namespace, Name: ref.Key}, secret)
	if apierrors.IsNotFound(err) {
		return nil, esv1.NoSecretErr
	}
	if err != nil {
		return nil, err
	}
	value, found := secret.Data[property]
	if !found {
		return nil, esv1.NoSecretErr
	}
	return value, nil
}

func (r *reader) Validate() (esv1.ValidationResult, error) { return esv1.ValidationResultReady, nil }

func (r *reader) Close(context.Context) error { return nil }

var errReadOnly = errors.New("the stand-in reads one secret at a time, and nothing else")

func (r *reader) PushSecret(context.Context, *corev1.Secret, esv1.PushSecretData) error {
	return errReadOnly
}

func (r *reader) DeleteSecret(context.Context, esv1.PushSecretRemoteRef) error { return errReadOnly }

func (r *reader) SecretExists(context.Context, esv1.PushSecretRemoteRef) (bool, error) {
	return false, errReadOnly
}

func (r *reader) GetSecretMap(context.Context, esv1.ExternalSecretDataRemoteRef) (map[string][]byte, error) {
	return nil, errReadOnly
}

func (r *reader) GetAllSecrets(context.Context, esv1.ExternalSecretFind) (map[string][]byte, error) {
	return nil, errReadOnly
}
