package sealing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// ErrAddress means that an address does not belong to a controller behind a port-forward.
var ErrAddress = errors.New("must be http:// or https:// with a host that is this machine (localhost, 127.0.0.0/8, " +
	"::1), such as http://localhost:8080: plain HTTP is only safe over a port-forward")

const (
	// timeout bounds one request to the controller, which answers from memory.
	timeout = 30 * time.Second
	// maxAnswer is more than any Kubernetes object has.
	maxAnswer = 4 << 20
	// maxTries is how often a request is sent to a controller that reports too many requests.
	maxTries = 10
)

// Controller is a running Sealed Secrets controller.
type Controller struct {
	url    *url.URL
	client *http.Client
}

// NewController returns a client for a controller, and sends no request yet. The error is ErrAddress.
func NewController(address string) (*Controller, error) {
	at, err := url.Parse(address)
	if err != nil || !isHere(at) {
		return nil, ErrAddress
	}
	client := &http.Client{
		Timeout: timeout,
		// No proxy, because that would be another machine.
		Transport: &http.Transport{},
		// A redirect could lead to another machine too, so it is treated as a wrong answer.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Controller{at, client}, nil
}

func isHere(at *url.URL) bool {
	if at.Scheme != "http" && at.Scheme != "https" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return false
	}
	address, err := netip.ParseAddr(at.Hostname())
	return at.Hostname() == "localhost" || err == nil && address.IsLoopback()
}

// Certificate fetches the controller's newest certificate.
func (c *Controller) Certificate(ctx context.Context) (*Certificate, error) {
	data, err := c.ask(ctx, http.MethodGet, "v1/cert.pem", nil)
	if err != nil {
		return nil, fmt.Errorf("asking the controller for its certificate: %w", err)
	}
	certificate, err := Newest(data)
	if err != nil {
		return nil, fmt.Errorf("reading the controller's answer: it %w", err)
	}
	return certificate, nil
}

// sealedSecret is the part of a bitnami.com/v1alpha1 SealedSecret that re-encryption reads and writes.
type sealedSecret struct {
	APIVersion string           `json:"apiVersion"`
	Kind       string           `json:"kind"`
	Metadata   sealedMetadata   `json:"metadata"`
	Spec       sealedSecretSpec `json:"spec"`
}

type sealedMetadata struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

type sealedSecretSpec struct {
	EncryptedData map[string]string `json:"encryptedData"`
}

// Reseal has the controller encrypt sealed values of one Secret again, with its newest key. The values are in clear
// only inside the controller.
func (c *Controller) Reseal(ctx context.Context, namespace, name string, values map[string]string) (
	map[string]string, error,
) {
	asked := sealedSecret{
		APIVersion: "bitnami.com/v1alpha1", Kind: "SealedSecret",
		Metadata: sealedMetadata{namespace, name}, Spec: sealedSecretSpec{values},
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("writing the SealedSecret %s/%s: %w", namespace, name, err)
	}
	data, err := c.ask(ctx, http.MethodPost, "v1/rotate", body)
	if err != nil {
		return nil, fmt.Errorf("asking the controller to re-encrypt %s/%s: %w", namespace, name, err)
	}
	var answer sealedSecret
	if json.Unmarshal(data, &answer) != nil || answer.Metadata != asked.Metadata || !resealed(values, answer) {
		return nil, fmt.Errorf("reading the controller's answer: it must be the SealedSecret %s/%s with the same keys",
			namespace, name)
	}
	return answer.Spec.EncryptedData, nil
}

// resealed reports whether the answer has every requested value, sealed, and no other one.
func resealed(values map[string]string, answer sealedSecret) bool {
	for key := range values {
		if Check(answer.Spec.EncryptedData[key]) != nil {
			return false
		}
	}
	return len(answer.Spec.EncryptedData) == len(values)
}

// ask retries when the controller says to: it answers two requests per second, and refuses further ones (v0.40.0,
// cmd/controller/main.go: --rate-limit).
func (c *Controller) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	for try := 1; ; try++ {
		data, err := c.askOnce(ctx, method, path, body)
		var busy *busyError
		if !errors.As(err, &busy) || try == maxTries {
			return data, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(busy.wait):
		}
	}
}

// busyError is the answer of a controller that got too many requests.
type busyError struct {
	error
	wait time.Duration
}

// refused returns the error for an unsuccessful answer. It does not show the body, whose content is unknown.
func refused(request *http.Request, response *http.Response) error {
	err := fmt.Errorf("%s: it answers %s", request.URL, response.Status)
	seconds, unknown := strconv.Atoi(response.Header.Get("Retry-After"))
	if response.StatusCode != http.StatusTooManyRequests || unknown != nil {
		return err
	}
	return &busyError{err, min(max(time.Duration(seconds)*time.Second, time.Second), timeout)}
}

func (c *Controller) askOnce(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // nothing is written to it
	if response.StatusCode != http.StatusOK {
		return nil, refused(request, response)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", request.URL, err)
	}
	if len(data) > maxAnswer {
		return nil, fmt.Errorf("%s: it answers with more than %d bytes", request.URL, maxAnswer)
	}
	return data, nil
}
