// Package controlplane runs a stack's Kubernetes control plane on this machine: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler and kwok, each the real program as a process of its own, on loopback only.
//
// Nodes and pods are simulated by kwok: a pod that is scheduled becomes ready at once and a Job's pod succeeds,
// whatever their images are. Everything above them is real: admission, quota, scheduling, controllers, status.
//
// # Failure on purpose
//
// A pod of no Job with a container whose image contains "never-ready" never becomes ready. It stays Pending, and such a
// container waits with reason ImagePullBackOff, like one whose image does not exist. When the image is changed in place
// the pod becomes ready. Pods that lost their readiness because their node was not heard of for a while (kwok was
// killed, the machine slept) become ready again: a kubelet would report that, so kwok does.
//
// # Life
//
// The processes outlive the command that started them. Start starts just what is missing and restarts what was started
// with other arguments, certificates, stages or programs than are wanted now. Data, certificates and ports stay over a
// Stop. Two commands must not work on one stack at once: the caller holds the stack's lock.
package controlplane
