package apiserver

import (
	"context"
	"encoding/json"

	"k8s.io/apimachinery/pkg/types"
)

// Patch changes an object, and reads into answer what it is then, unless that is nil. The path may have a query, such
// as the field manager.
func (r *Reader) Patch(ctx context.Context, path string, kind types.PatchType, body []byte, answer any) error {
	result := r.client.Patch(kind).RequestURI(path).Body(body).Do(ctx)
	if err := result.Error(); err != nil || answer == nil { // Raw's error has no message of the API server
		return err
	}
	data, err := result.Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(data, answer)
}
