package apiserver

import "context"

// asDiscovery lists every group with its kinds in one answer
// (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery).
const asDiscovery = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

// ReadDiscovery reads which kinds the API server serves: those of the core group at /api, the others at /apis. The
// answer is an APIGroupDiscoveryList.
func (r *Reader) ReadDiscovery(ctx context.Context, path string, answer any) error {
	return r.read(ctx, path, asDiscovery, answer)
}
