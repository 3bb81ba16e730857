package sealing_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealingtest"
)

func TestAControllerIsOnThisMachine(t *testing.T) {
	for _, right := range []string{
		"http://localhost:8080", "https://localhost", "http://127.0.0.1:8080/", "http://127.1.2.3", "http://[::1]:8080",
		"http://localhost:8001/api/v1/namespaces/sealed-secrets/services/http:sealed-secrets:8080/proxy/",
	} {
		_, err := sealing.NewController(right)
		require.NoError(t, err, right)
	}
	for reason, wrong := range map[string]string{
		"nothing":               "",
		"another machine":       "http://sealed-secrets.example.com",
		"another one by TLS":    "https://sealed-secrets.example.com",
		"another address":       "http://10.0.0.1:8080",
		"every address":         "http://0.0.0.0:8080",
		"a name that begins so": "http://localhost.example.com",
		"user before a host":    "http://localhost:8080@example.com",
		"another protocol":      "ftp://localhost",
		"no protocol":           "localhost:8080",
		"a file":                "file:///etc/passwd",
		"a password":            "http://user:planted-hunter2@localhost",
		"a query":               "http://localhost?x=y",
		"no URL":                "http://local host:planted-hunter2",
	} {
		_, err := sealing.NewController(wrong)
		require.Equal(t, sealing.ErrAddress, err, "%s: the error itself, which holds nothing of the address", reason)
	}
}

func open(t *testing.T, url string) *sealing.Controller {
	t.Helper()
	controller, err := sealing.NewController(url)
	require.NoError(t, err)
	return controller
}

// answering returns a controller with one answer to everything.
func answering(t *testing.T, answer http.HandlerFunc) *sealing.Controller {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return open(t, server.URL)
}

func TestTheNewestCertificateIsFetched(t *testing.T) {
	played := sealingtest.NewController(t)
	played.Renew(t)

	certificate, err := open(t, played.URL+"/").Certificate(t.Context())
	require.NoError(t, err)
	text, err := certificate.Seal("n", "s", []byte(planted))
	require.NoError(t, err)
	value, err := played.UnsealNewest(text, "n", "s")
	require.NoError(t, err)
	assert.Equal(t, planted, value)
}

func TestValuesAreSealedAgainWithTheNewestKey(t *testing.T) {
	played := sealingtest.NewController(t)
	before := map[string]string{"A": sealed(t, played, "first"), "B": sealed(t, played, "second")}
	played.Renew(t)

	after, err := open(t, played.URL).Reseal(t.Context(), "dreamseed-staging", "auth-service", before)
	require.NoError(t, err)

	require.Len(t, after, 2)
	for key, want := range map[string]string{"A": "first", "B": "second"} {
		_, err := played.UnsealNewest(before[key], "dreamseed-staging", "auth-service")
		require.Error(t, err, "the key is another one")
		value, err := played.UnsealNewest(after[key], "dreamseed-staging", "auth-service")
		require.NoError(t, err)
		assert.Equal(t, want, value)
	}
}

func TestAWrongAnswerIsNotTaken(t *testing.T) {
	value := sealed(t, sealingtest.NewController(t), planted)
	answer := func(namespace, data string) string {
		return fmt.Sprintf(`{"metadata":{"namespace":%q,"name":"auth-service"},"spec":{"encryptedData":%s}}`, namespace, data)
	}
	for reason, body := range map[string]string{
		"nothing":         "",
		"a page":          "<html>planted-hunter2</html>",
		"in clear":        answer("dreamseed-staging", `{"A":"planted-hunter2"}`),
		"no value":        answer("dreamseed-staging", `{}`),
		"another key":     answer("dreamseed-staging", `{"B":"`+value+`"}`),
		"one more":        answer("dreamseed-staging", `{"A":"`+value+`","B":"`+value+`"}`),
		"another place":   answer("dreamseed-production", `{"A":"`+value+`"}`),
		"more than there": strings.Repeat(" ", 5<<20),
	} {
		controller := answering(t, func(response http.ResponseWriter, _ *http.Request) { fmt.Fprint(response, body) })

		_, err := controller.Reseal(t.Context(), "dreamseed-staging", "auth-service", map[string]string{"A": value})
		require.ErrorContains(t, err, "controller", reason)
		assert.NotContains(t, err.Error(), "hunter2", reason)
		_, err = controller.Certificate(t.Context())
		require.ErrorContains(t, err, "controller", reason)
		assert.NotContains(t, err.Error(), "hunter2", reason)
	}
}

func TestAnErrorOfTheControllerIsToldByItsStatus(t *testing.T) {
	controller := answering(t, func(response http.ResponseWriter, _ *http.Request) {
		http.Error(response, "planted-hunter2", http.StatusInternalServerError)
	})
	_, err := controller.Certificate(t.Context())
	require.ErrorContains(t, err, "500 Internal Server Error")
	require.ErrorContains(t, err, "/v1/cert.pem")
	assert.NotContains(t, err.Error(), "hunter2", "nobody knows what an error page holds")

	_, err = controller.Reseal(t.Context(), "dreamseed-staging", "auth-service", nil)
	require.ErrorContains(t, err, "500 Internal Server Error")
	assert.ErrorContains(t, err, "dreamseed-staging/auth-service")
}

func TestARedirectionIsNotFollowed(t *testing.T) {
	played := sealingtest.NewController(t)
	controller := answering(t, func(response http.ResponseWriter, request *http.Request) {
		http.Redirect(response, request, played.URL+request.URL.Path, http.StatusTemporaryRedirect)
	})
	_, err := controller.Certificate(t.Context())
	require.ErrorContains(t, err, "307", "it could lead to another machine, and to its key")
}

func TestAnInterruptEndsAQuestion(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	controller := answering(t, func(_ http.ResponseWriter, request *http.Request) {
		cancel()
		<-request.Context().Done()
	})
	_, err := controller.Certificate(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestAControllerThatIsAskedTooOftenIsAskedAgainWhenItSays(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			response.Header().Set("Retry-After", "1")
			response.WriteHeader(http.StatusTooManyRequests)
			return
		}
		response.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	controller, err := sealing.NewController(server.URL)
	require.NoError(t, err)
	_, err = controller.Certificate(t.Context())
	require.ErrorContains(t, err, "418", "the answer to the second request")
	assert.Equal(t, 2, asked)
}
