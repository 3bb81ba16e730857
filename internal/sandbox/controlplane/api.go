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

// requestTimeout bounds one request: what does not answer by then is asked again.
const requestTimeout = 15 * time.Second

// api asks one HTTPS server on loopback, with a client certificate. The few requests that the control plane needs for
// itself do not pay for a start of kubectl each.
type api struct {
	url  string
	http *http.Client
}

// The forms of what is sent and asked for. A patch is a server-side apply.
const (
	asJSON     = "application/json"
	asPatch    = "application/apply-patch+yaml"
	asMetadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
)

func newAPI(url string, credentials *tls.Config) api {
	transport := &http.Transport{TLSClientConfig: credentials, ForceAttemptHTTP2: true} // and no proxy, whatever is set
	return api{url: url, http: &http.Client{Transport: transport, Timeout: requestTimeout}}
}

// statusError is an answer that is not a success.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string { return fmt.Sprintf("answered %d: %s", e.code, e.message) }

func isStatus(err error, code int) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == code
}

// do sends a request with the JSON of body, where there is one, and reads the answer into answer, where that is asked
// for.
func (a api) do(ctx context.Context, method, path string, body, answer any) error {
	return a.request(ctx, method, path, asJSON, body, answer)
}

// metadata reads the metadata of an object, however large the object is.
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

// message is the text in a Kubernetes Status, or the answer itself where it is no Status.
func message(data []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(data, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(bytes.TrimSpace(data))
}
