package sealing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealingtest"
)

const planted = "postgresql://auth:planted-hunter2@db/auth"

// sealed returns a value sealed for dreamseed-staging/auth-service.
func sealed(tb testing.TB, controller *sealingtest.Controller, value string) string {
	tb.Helper()
	certificate, err := sealing.ParseCertificate([]byte(controller.Certificate(tb)))
	require.NoError(tb, err)
	text, err := certificate.Seal("dreamseed-staging", "auth-service", []byte(value))
	require.NoError(tb, err)
	return text
}

func TestASealedValueIsReadUnderItsNamespaceAndNameAlone(t *testing.T) {
	controller := sealingtest.NewController(t)
	text := sealed(t, controller, planted)
	assert.NotContains(t, text, planted)

	value, err := controller.Unseal(text, "dreamseed-staging", "auth-service")
	require.NoError(t, err)
	assert.Equal(t, planted, value)

	for reason, other := range map[string][2]string{
		"another environment": {"dreamseed-production", "auth-service"},
		"another service":     {"dreamseed-staging", "user-service"},
		"no namespace":        {"", "auth-service"},
	} {
		_, err := controller.Unseal(text, other[0], other[1])
		require.Error(t, err, reason)
	}
}

func TestTheSameValueIsNeverSealedAlike(t *testing.T) {
	controller := sealingtest.NewController(t)
	first, second := sealed(t, controller, planted), sealed(t, controller, planted)
	assert.NotEqual(t, first, second, "nobody is to see from the file that two services share a password")
}

func TestCheckKnowsASealedValueFromAnythingElse(t *testing.T) {
	text := sealed(t, sealingtest.NewController(t), planted)
	require.NoError(t, sealing.Check(text))

	data, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	again := base64.StdEncoding.EncodeToString
	for reason, wrong := range map[string]string{
		"in clear":              planted,
		"encoded alone":         again([]byte(planted)),
		"long and encoded":      again([]byte(strings.Repeat(planted, 100))),
		"nothing":               "",
		"cut off":               text[:len(text)/2],
		"cut off by a block":    text[:len(text)-len(planted)*2],
		"cut in the key":        again(data[:100]),
		"without a value":       again(data[:len(data)-len(planted)-1]),
		"with a space":          " " + text,
		"in another alphabet":   base64.URLEncoding.EncodeToString(append([]byte{1, 0, 255, 254}, data[4:]...)) + "-_",
		"with a key that is no": again(append([]byte{0, 1}, data[2:]...)),
	} {
		err := sealing.Check(wrong)
		require.Equal(t, sealing.ErrNotSealed, err, "%s: the error itself, which holds nothing of the text", reason)
	}
}

// For any input, Check does not panic and returns the bare error, and an accepted value has room for a key and a tag.
func FuzzCheck(f *testing.F) {
	f.Add(planted)
	f.Add(base64.StdEncoding.EncodeToString([]byte(planted)))
	f.Add(sealed(f, sealingtest.NewController(f), planted))
	f.Add("AQA=")
	f.Fuzz(func(t *testing.T, text string) {
		if err := sealing.Check(text); err != nil {
			require.Equal(t, sealing.ErrNotSealed, err)
			return
		}
		data, err := base64.StdEncoding.DecodeString(text)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, len(data), 2+256+16)
	})
}

func TestParseCertificateTakesNothingElse(t *testing.T) {
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	unusable, err := x509.CreateCertificate(rand.Reader, template, template, &elliptical.PublicKey, elliptical)
	require.NoError(t, err)
	private := x509.MarshalPKCS1PrivateKey(sealingtest.Key(t))
	for reason, data := range map[string][]byte{
		"nothing":             nil,
		"no PEM":              []byte("certificate"),
		"cut off":             []byte("-----BEGIN CERTIFICATE-----\nMIIE"),
		"private key":         pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: private}),
		"no certificate":      pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("planted")}),
		"key of another kind": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: unusable}),
	} {
		_, err := sealing.ParseCertificate(data)
		require.Equal(t, sealing.ErrNoCertificate, err, "%s: the error itself, which holds nothing of the text", reason)
		_, err = sealing.Newest(data)
		require.Equal(t, sealing.ErrNoCertificate, err, reason)
	}
}

func TestACertificateReadsAsItIsWritten(t *testing.T) {
	written := sealingtest.NewController(t).Certificate(t)
	certificate, err := sealing.ParseCertificate([]byte(written))
	require.NoError(t, err)
	assert.Equal(t, written, certificate.PEM())
}

func TestTheNewestCertificateIsTheOneThatIsValidSinceLast(t *testing.T) {
	now := time.Now()
	made := func(age time.Duration) string {
		return sealingtest.CertificateOf(t, sealingtest.Key(t), now.Add(-age), 24*time.Hour)
	}
	older, newer, oldest := made(2*time.Hour), made(time.Hour), made(3*time.Hour)

	certificate, err := sealing.Newest([]byte(older + newer + oldest))
	require.NoError(t, err)
	assert.Equal(t, newer, certificate.PEM())

	_, err = sealing.Newest([]byte(newer + "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
	require.ErrorIs(t, err, sealing.ErrNoCertificate, "what cannot be read may be the newest")
}

func TestACertificateExpires(t *testing.T) {
	from := time.Date(2025, 1, 31, 0, 0, 0, 0, time.UTC)
	certificate, err := sealing.ParseCertificate([]byte(
		sealingtest.CertificateOf(t, sealingtest.Key(t), from, 24*time.Hour)))
	require.NoError(t, err)

	require.NoError(t, certificate.CheckExpiry(from.Add(24*time.Hour)))
	err = certificate.CheckExpiry(from.Add(24*time.Hour + time.Second))
	require.ErrorIs(t, err, sealing.ErrExpired)
	assert.ErrorContains(t, err, "2025-02-01")
}
