// Package apiserver reads from the API server of a cluster, sandbox or not. It avoids the packages of client-go that
// import every API group: discovery alone makes a program 20 MB larger.
package apiserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"
)

// Reader reads from an API server. Errors are those of k8s.io/apimachinery/pkg/api/errors where the API server
// refuses a request.
type Reader struct{ client rest.Interface }

// NewReader returns a reader with the rights of the configuration. It sends nothing yet.
func NewReader(config *rest.Config) (*Reader, error) {
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("reading the credentials for the API server %s: %w", config.Host, err)
	}
	return NewReaderForClient(config, client)
}

// NewReaderForClient is NewReader with connections that other clients share.
func NewReaderForClient(config *rest.Config, client *http.Client) (*Reader, error) {
	shared := rest.CopyConfig(config)
	shared.NegotiatedSerializer = serializer.NewCodecFactory(statuses).WithoutConversion()
	made, err := rest.UnversionedRESTClientForConfigAndClient(shared, client)
	if err != nil {
		return nil, fmt.Errorf("preparing requests to the API server %s: %w", config.Host, err)
	}
	return &Reader{made}, nil
}

// statuses knows the kind of the API server's error responses, and no other.
var statuses = func() *runtime.Scheme {
	scheme := runtime.NewScheme()
	scheme.AddUnversionedTypes(schema.GroupVersion{Version: "v1"}, &metav1.Status{})
	return scheme
}()

// Media types of responses. The metadata of a list is small however large its objects are.
const (
	asJSON         = "application/json"
	asMetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// Read reads an object or a list into answer, or nothing if answer is nil. The path may have a query.
func (r *Reader) Read(ctx context.Context, path string, answer any) error {
	return r.read(ctx, path, asJSON, answer)
}

// ReadMetadata reads the metadata of a list without the content, so that the values of Secrets are not read.
func (r *Reader) ReadMetadata(ctx context.Context, path string, answer any) error {
	return r.read(ctx, path, asMetadataList, answer)
}

func (r *Reader) read(ctx context.Context, path, mediaType string, answer any) error {
	result := r.client.Get().RequestURI(path).SetHeader("Accept", mediaType).Do(ctx)
	if err := result.Error(); err != nil || answer == nil { // Raw's error has no message of the API server
		return err
	}
	data, err := result.Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(data, answer)
}
