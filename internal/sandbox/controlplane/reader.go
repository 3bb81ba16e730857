package controlplane

import (
	"context"
	"net/http"
)

// Reader reads from the API server of a control plane that runs. What is read in every run does not pay for a start of
// kubectl.
type Reader struct{ api api }

// Reader is who reads as the administrator.
func (c *ControlPlane) Reader() (*Reader, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	all, err := newClients(plan{c.stack, c.pki(), s.Ports, Simulation{}})
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

// ReadMetadata reads the metadata of a list, and no content: that of a Secret is nobody's business.
func (r *Reader) ReadMetadata(ctx context.Context, path string, answer any) error {
	return r.api.request(ctx, http.MethodGet, path, asMetadataList, nil, answer)
}
