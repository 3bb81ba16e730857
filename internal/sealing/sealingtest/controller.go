// Package sealingtest simulates a Sealed Secrets controller in tests: the HTTP interface of the real one, with real
// keys.
package sealingtest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/bitnami/sealed-secrets/pkg/crypto"
	"github.com/stretchr/testify/require"
)

// Controller has one key, and two after Renew.
type Controller struct {
	// URL is the address of the controller.
	URL string

	mutex sync.Mutex
	keys  []*rsa.PrivateKey
	// refused maps the names of Secrets to the status of the answer.
	refused map[string]int
	rotated []string
}

// keys are generated only once, because that takes a moment.
var keys = sync.OnceValues(func() ([2]*rsa.PrivateKey, error) {
	var pair [2]*rsa.PrivateKey
	for i := range pair {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return pair, err
		}
		pair[i] = key
	}
	return pair, nil
})

// Key returns the first key of a controller, for certificates of the test's own.
func Key(tb testing.TB) *rsa.PrivateKey {
	tb.Helper()
	pair, err := keys()
	require.NoError(tb, err)
	return pair[0]
}

// NewController starts a controller, which stops at the end of the test.
func NewController(tb testing.TB) *Controller {
	tb.Helper()
	controller := &Controller{keys: []*rsa.PrivateKey{Key(tb)}, refused: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/cert.pem", controller.certificate)
	mux.HandleFunc("POST /v1/rotate", controller.rotate)
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	controller.URL = server.URL
	return controller
}

// Renew adds a second key, as the real controller does every 30 days. The first one still decrypts its values.
func (c *Controller) Renew(tb testing.TB) {
	tb.Helper()
	pair, err := keys()
	require.NoError(tb, err)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.keys = pair[:]
}

// Refuse answers requests to re-encrypt a Secret with a status.
func (c *Controller) Refuse(name string, status int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.refused[name] = status
}

// Rotated returns the names of the requested Secrets.
func (c *Controller) Rotated() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.rotated
}

// Certificate returns the certificate of the newest key, in PEM.
func (c *Controller) Certificate(tb testing.TB) string {
	tb.Helper()
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return CertificateOf(tb, c.newest(), time.Now().Add(-time.Hour), 24*time.Hour)
}

// CertificateOf returns a certificate in the form of the real controller's, in PEM.
func CertificateOf(tb testing.TB, key *rsa.PrivateKey, from time.Time, validFor time.Duration) string {
	tb.Helper()
	written, err := certificateOf(key, from, validFor)
	require.NoError(tb, err)
	return string(written)
}

func certificateOf(key *rsa.PrivateKey, from time.Time, validFor time.Duration) ([]byte, error) {
	certificate, err := crypto.SignKeyWithNotBefore(rand.Reader, key, from, validFor, "")
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}), nil
}

// Unseal decrypts a sealed value as the real controller does for the Secret of this namespace and name.
func (c *Controller) Unseal(sealed, namespace, name string) (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return unseal(sealed, namespace, name, c.keys...)
}

// UnsealNewest is like Unseal, with the newest key alone.
func (c *Controller) UnsealNewest(sealed, namespace, name string) (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return unseal(sealed, namespace, name, c.newest())
}

func unseal(sealed, namespace, name string, keys ...*rsa.PrivateKey) (string, error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	byFingerprint := map[string]*rsa.PrivateKey{}
	for _, key := range keys {
		fingerprint, err := crypto.PublicKeyFingerprint(&key.PublicKey)
		if err != nil {
			return "", err
		}
		byFingerprint[fingerprint] = key
	}
	value, err := crypto.HybridDecrypt(rand.Reader, byFingerprint, data, []byte(namespace+"/"+name))
	return string(value), err
}

func (c *Controller) newest() *rsa.PrivateKey { return c.keys[len(c.keys)-1] }

// certificate answers with the newest certificate last, an order on which no client may rely.
func (c *Controller) certificate(response http.ResponseWriter, _ *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for i, key := range c.keys {
		age := time.Duration(len(c.keys)-i) * time.Hour
		written, err := certificateOf(key, time.Now().Add(-age), 10*365*24*time.Hour)
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = response.Write(written)
	}
}

// sealedSecret is the object that the real controller reads and writes. It answers without apiVersion and kind.
type sealedSecret struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Metadata   struct {
		Namespace         string  `json:"namespace"`
		Name              string  `json:"name"`
		CreationTimestamp *string `json:"creationTimestamp"`
	} `json:"metadata"`
	Spec struct {
		Template      map[string]any    `json:"template,omitempty"`
		EncryptedData map[string]string `json:"encryptedData"`
	} `json:"spec"`
}

func (c *Controller) rotate(response http.ResponseWriter, request *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var secret sealedSecret
	err := json.NewDecoder(request.Body).Decode(&secret)
	if err != nil || secret.APIVersion != "bitnami.com/v1alpha1" || secret.Kind != "SealedSecret" {
		response.WriteHeader(http.StatusInternalServerError)
		return
	}
	c.rotated = append(c.rotated, secret.Metadata.Name)
	if status, found := c.refused[secret.Metadata.Name]; found {
		response.WriteHeader(status)
		return
	}
	if err := c.encryptAgain(&secret); err != nil {
		response.WriteHeader(http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(response).Encode(secret)
}

func (c *Controller) encryptAgain(secret *sealedSecret) error {
	namespace, name := secret.Metadata.Namespace, secret.Metadata.Name
	for key, sealed := range secret.Spec.EncryptedData {
		value, err := unseal(sealed, namespace, name, c.keys...)
		if err != nil {
			return err
		}
		label := []byte(namespace + "/" + name)
		again, err := crypto.HybridEncrypt(rand.Reader, &c.newest().PublicKey, []byte(value), label)
		if err != nil {
			return err
		}
		secret.Spec.EncryptedData[key] = base64.StdEncoding.EncodeToString(again)
	}
	secret.APIVersion, secret.Kind = "", ""
	secret.Spec.Template = map[string]any{"metadata": map[string]any{"namespace": namespace, "name": name}}
	return nil
}
