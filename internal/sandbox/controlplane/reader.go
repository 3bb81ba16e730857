package controlplane

import (
	"context"
	"net/http"
)

// Reader reads from the API server of a running control plane. It saves the reads of every run from starting kubectl.
type Reader struct{ api api }

// Reader returns a reader with the administrator's rights.
func (c *ControlPlane) Reader() (*Reader, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	all, err := newClients(c.planned(Spec{}, s.Ports))
	if err != nil {
		return nil, err
	}
	return &Reader{all[apiServer]}, nil
}

// Read reads an object or a list into answer. The path may have a query.
func (r *Reader) Read(ctx context.Context, path string, answer any) error {
	return r.api.do(ctx, http.MethodGet, path, nil, answer)
}

const asMetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

// ReadMetadata reads the metadata of a list without the content, so that the values of Secrets are not read.
func (r *Reader) ReadMetadata(ctx context.Context, path string, answer any) error {
	return r.api.request(ctx, http.MethodGet, path, asMetadataList, nil, answer)
}
