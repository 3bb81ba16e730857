package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/dreamseed/platform/internal/sandbox/cloudnativepg"
)

var (
	getOptions    = metav1.GetOptions{}
	createOptions = metav1.CreateOptions{}
)

func passwordChange(version string) metav1.Condition {
	return metav1.Condition{Type: "PasswordSecretChange", Status: metav1.ConditionTrue, Message: version}
}

// certified returns the Secret with the certificate of the cluster, which is its own authority, and that authority.
func certified(t *testing.T) (manifest string, authority *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"10.244.0.5" + cloudnativepg.PodDomain},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	encoded := func(kind string, bytes []byte) string {
		return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	authority = x509.NewCertPool()
	authority.AddCert(parsed)
	return fmt.Sprintf(`
apiVersion: v1
kind: Secret
metadata: {name: postgres-server}
data: {tls.crt: %s, tls.key: %s}
`, encoded("CERTIFICATE", der), encoded("PRIVATE KEY", private)), authority
}

// asks asks for a pod as the operator does, and returns the code of the answer, and the state that it tells.
func asks(t *testing.T, i *instances, authority *x509.CertPool, pod string) (code int, told status) {
	t.Helper()
	server := httptest.NewUnstartedServer(i.handler())
	server.TLS, server.Config.ErrorLog = i.tls(), log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: authority, ServerName: pod + cloudnativepg.PodDomain,
	}}}
	t.Cleanup(client.CloseIdleConnections)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+statusPath, http.NoBody)
	require.NoError(t, err)
	request.Host = pod + ":8000"
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	if response.StatusCode == http.StatusOK {
		require.NoError(t, json.NewDecoder(response.Body).Decode(&told))
	}
	return response.StatusCode, told
}

func TestTheOperatorIsAnsweredWithTheCertificateOfTheCluster(t *testing.T) {
	manifest, authority := certified(t)
	i := with(t, led, first, manifest)
	looked(t, i)
	code, told := asks(t, i, authority, "10.244.0.5")
	require.Equal(t, http.StatusOK, code)
	assert.True(t, told.IsPrimary)
	assert.Equal(t, "one", told.SessionID)
	assert.Equal(t, "the operator's", told.ExecutableHash, "the operator puts another one into the pod")
}

func TestAnInstanceHasNoExecutableBeforeTheOperatorHas(t *testing.T) {
	manifest, authority := certified(t)
	i := with(t, strings.Replace(led, ", cloudNativePGOperatorHash: the operator's", "", 1), first, manifest)
	looked(t, i)
	code, _ := asks(t, i, authority, "10.244.0.5")
	assert.Equal(t, http.StatusServiceUnavailable, code)
}

func TestAnInstanceThatStartsDoesNotAnswer(t *testing.T) {
	manifest, authority := certified(t)
	i := with(t, led, first, manifest) // it has not looked at the pod yet
	code, _ := asks(t, i, authority, "10.244.0.5")
	assert.Equal(t, http.StatusServiceUnavailable, code)
	_, _, err := with(t, led, starting).at(t.Context(), "10.244.0.6")
	assert.ErrorIs(t, err, errNoInstance)
}
