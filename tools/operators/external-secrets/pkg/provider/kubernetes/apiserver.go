package kubernetes

import (
	ctrlcfg "sigs.k8s.io/controller-runtime/pkg/client/config"
)

// inCluster is the address at which pods reach the API server of their own cluster. The sandbox's controller is not a
// pod.
const inCluster = "https://kubernetes.default"

// apiServer replaces inCluster with the address of the API server that the controller itself uses.
func apiServer(url string) string {
	own, err := ctrlcfg.GetConfig()
	if err != nil || url != inCluster {
		return url
	}
	return own.Host
}
