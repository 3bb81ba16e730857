// Package smoke asks every public route of an environment once it is deployed: whether it leads to a service that
// answers.
package smoke

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/dreamseed/platform/internal/ingress"
)

// requestTimeout bounds one request.
const requestTimeout = 10 * time.Second

// Route is a public route and its last answer.
type Route struct {
	// URL is the address that users ask.
	URL string
	// Status is the status of the answer. 0 if there was none.
	Status int
	// Err is why there was no answer.
	Err error

	path string
}

// Passes reports whether the route leads to a service that answers. Any status of a service will do, such as that a
// login is missing; 404 is what the ingress controller answers without a route, and 502 to 504 without a service.
func (r Route) Passes() bool {
	return r.Err == nil && r.Status != 0 && r.Status != http.StatusNotFound && r.Status < http.StatusInternalServerError
}

// String returns the address and the answer.
func (r Route) String() string {
	if r.Err != nil {
		return fmt.Sprintf("%s: %v", r.URL, r.Err)
	}
	return fmt.Sprintf("%s: %d %s", r.URL, r.Status, http.StatusText(r.Status))
}

// Test asks the routes of an ingress.
type Test struct {
	// Routes are those of the configuration, and that of the health check.
	Routes []Route
	// Trusted reports whether the certificate is checked: that of a self-signed issuer, or of Let's Encrypt's staging
	// environment, is trusted by nobody.
	Trusted bool

	host   string
	base   *url.URL
	client *http.Client
}

// New prepares the test of an ingress that is enabled. Requests go to the host of the ingress by HTTPS, or to an
// address in its place, such as that of a private ingress, as if it were the host.
func New(spec ingress.Spec, instead *url.URL) *Test {
	test := &Test{
		Trusted: spec.Issuer == ingress.LetsEncrypt,
		host:    spec.Host,
		base:    &url.URL{Scheme: "https", Host: spec.Host},
	}
	for _, path := range append([]string{ingress.HealthPath}, paths(spec)...) {
		test.Routes = append(test.Routes, Route{URL: test.base.JoinPath(path).String(), path: path})
	}
	if instead != nil {
		test.base = instead
	}
	test.client = &http.Client{
		Timeout: requestTimeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment,
			TLSClientConfig: &tls.Config{
				ServerName:         spec.Host,
				InsecureSkipVerify: !test.Trusted, //nolint:gosec // said in the result; nothing secret is sent
			},
		},
		// Another page, such as that of a login, may be anywhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return test
}

func paths(spec ingress.Spec) []string {
	var all []string
	for _, route := range spec.Routes {
		all = append(all, route.Path)
	}
	return all
}

// Ask asks each route that has not passed yet, and reports whether all have.
func (t *Test) Ask(ctx context.Context) bool {
	passed := true
	for i := range t.Routes {
		if !t.Routes[i].Passes() {
			t.Routes[i].Status, t.Routes[i].Err = t.ask(ctx, t.Routes[i].path)
		}
		passed = passed && t.Routes[i].Passes()
	}
	return passed
}

func (t *Test) ask(ctx context.Context, path string) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.base.JoinPath(path).String(), http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Host = t.host
	response, err := t.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close() //nolint:errcheck // it is only read
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, err
}
