package live

import (
	"context"
	"encoding/json"
)

// cluster has the objects of a cluster by the path of their list.
type cluster map[string][]fields

func (c cluster) Read(_ context.Context, path string, answer any) error {
	data, err := json.Marshal(fields{"items": c[path]})
	if err != nil {
		return err
	}
	return json.Unmarshal(data, answer)
}

func (c cluster) ReadMetadata(ctx context.Context, path string, answer any) error {
	return c.Read(ctx, path, answer)
}
