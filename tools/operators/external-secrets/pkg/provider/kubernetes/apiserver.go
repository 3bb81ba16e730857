package kubernetes

import (
	ctrlcfg "sigs.k8s.io/controller-runtime/pkg/client/config"
)

// inCluster is how pods reach the API server of their own cluster. The sandbox's controller is no pod.
const inCluster = "https://kubernetes.default"

// apiServer leads from inCluster to the API server that the controller itself works with.
func apiServer(url string) string {
	own, err := ctrlcfg.GetConfig()
	if err != nil || url != inCluster {
		return url
	}
	return own.Host
}
