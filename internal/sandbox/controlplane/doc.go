// Package controlplane runs a stack's Kubernetes control plane on this machine: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler and kwok, each the real program as a process of its own, on loopback only.
//
// Nodes and pods are simulated by kwok: a pod that is scheduled becomes ready, at once or after a time that the
// Simulation gives, and a Job's pod then succeeds, whatever their images are. A pod that is told to end is gone a
// second later. Everything above them is real: admission, quota, scheduling, controllers, status.
//
// # Beside the control plane
//
// A Simulation may ask for operators and for the usage of pods. The objects that they need, among them their kinds,
// are applied before they start, each only where it is not what it is to be: its annotation holds a digest of what was
// applied. Argo Rollouts, Traefik and metrics-server are clients of the API server like any other component. Traefik
// writes the address of the Service traefik/traefik into the status of the Ingresses of the class traefik, serves its
// routes on loopback, and never reaches for a pod unless a request comes in. kwok plays the cloud that gives an address
// to Services of type LoadBalancer. A stack that asks for nothing starts nothing.
//
// # Failure on purpose
//
// A Job's pod with a container whose image contains "migration-fails" ends with exit code 1. To any other pod that
// name means nothing. A pod of no Job with a container whose image contains "never-ready" never becomes ready: a
// version that fails after its migration. It stays Pending, and such a container waits with reason ImagePullBackOff,
// like one whose image does not exist. When the image is changed in place the pod becomes ready. Pods that lost their
// readiness because their node was not heard of for a while (kwok was killed, the machine slept) become ready again: a
// kubelet would report that, so kwok does.
//
// # Life
//
// The processes outlive the command that started them. Start starts just what is missing and restarts what was started
// with other arguments, certificates, stages or programs than are wanted now. Data, certificates and ports stay over a
// Stop. Two commands must not work on one stack at once: the caller holds the stack's lock.
package controlplane
