package apiserver

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
)

// Patch changes an object. Its path may have a query, such as the field manager.
func (r *Reader) Patch(ctx context.Context, path string, kind types.PatchType, body []byte) error {
	return r.client.Patch(kind).RequestURI(path).Body(body).Do(ctx).Error()
}
