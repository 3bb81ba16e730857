// Package controlplane runs a stack's Kubernetes control plane on this machine: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler and kwok, each the real program in a process of its own, on loopback only.
//
// kwok simulates nodes and pods: a scheduled pod becomes ready, at once or after the Simulation's PodStartup, and a
// Job's pod then succeeds, whatever their images are. A deleted pod disappears a second later. Everything above them is
// real: admission, quota, scheduling, controllers, status.
//
// # Beside the control plane
//
// A Simulation may ask for operators and for pod metrics. The objects that they need, including their CRDs, are applied
// before they start, but only if they differ from the wanted ones: an annotation holds a digest of the applied object.
// Argo Rollouts, Traefik and metrics-server are clients of the API server like any other component. Traefik writes the
// address of the Service traefik/traefik into the status of the Ingresses of the class traefik, serves its routes on
// loopback, and contacts a pod only when a request comes in. kwok plays the cloud that assigns addresses to Services of
// type LoadBalancer. Without such a request nothing beside the control plane starts.
//
// # Failure on purpose
//
// If a container image of a Job's pod contains "migration-fails", the pod ends with exit code 1. On any other pod that
// name has no effect. If a container image of a pod outside a Job contains "never-ready", the pod never becomes ready:
// it stands for a version that fails after its migration. It stays Pending, and the container waits with reason
// ImagePullBackOff, as with an image that does not exist. If the image is changed in place, the pod becomes ready. Pods
// that lost their readiness because their node was silent for a while (kwok was killed, the machine slept) become ready
// again: a kubelet would report that, so kwok does.
//
// # Life
//
// The processes outlive the command that started them. Start only starts missing components and restarts those that
// were started with other arguments, certificates, stages or programs than the current ones. Data, certificates and
// ports survive a Stop. Two commands must not work on one stack at once: the caller holds the stack's lock.
package controlplane
