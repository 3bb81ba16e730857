package controlplane

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// requestTimeout limits one request; a request without an answer by then is repeated.
const requestTimeout = 15 * time.Second

// api is a client of one HTTPS server on loopback, with a client certificate. It saves the control plane's own few
// requests from starting kubectl each time.
type api struct {
	url  string
	http *http.Client
}

// The media types of requests and answers. A patch is a server-side apply.
const (
	asJSON     = "application/json"
	asPatch    = "application/apply-patch+yaml"
	asMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
)

func newAPI(url string, credentials *tls.Config) api {
	transport := &http.Transport{TLSClientConfig: credentials, ForceAttemptHTTP2: true} // and no proxy, whatever is set
	return api{url: url, http: &http.Client{Transport: transport, Timeout: requestTimeout}}
}

// statusError is a response with a failure status.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string { return fmt.Sprintf("answered %d: %s", e.code, e.message) }

func isStatus(err error, code int) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == code
}

// do sends a request with body as JSON, if it is not nil, and decodes the response into answer, if it is not nil.
func (a api) do(ctx context.Context, method, path string, body, answer any) error {
	return a.request(ctx, method, path, asJSON, body, answer)
}

// metadata reads only the metadata of an object, which is small however large the object is.
func (a api) metadata(ctx context.Context, path string, answer any) error {
	return a.request(ctx, http.MethodGet, path, asMetadata, nil, answer)
}

func (a api) request(ctx context.Context, method, path, accept string, body, answer any) error {
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("Content-Type", asJSON)
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", asPatch)
	}
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", a.url+path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		return &statusError{response.StatusCode, message(data)}
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(data, answer)
}

// message returns the message of a Kubernetes Status, or the body itself if it is not a Status.
func message(data []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(data, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(bytes.TrimSpace(data))
}
