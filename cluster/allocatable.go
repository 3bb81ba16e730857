package cluster

import "k8s.io/apimachinery/pkg/api/resource"

// What a cloud's node keeps from the pods of a user is at least this, on each of the three:
//   - CPU: 60m of the first core (GKE, AKS, and EKS by its machine image), and the 100m that kube-proxy or the agents
//     in its place request. The further cores' share is left out.
//   - memory: a fifth, up to the 1465 MiB that EKS keeps for MaxPodsPerNode pods (11 MiB each, and 255 MiB), and the
//     100 MiB below which pods are evicted. GKE keeps 25 % of the first 4 GiB and 20 % of the next, AKS 25 % up to
//     20 MB a pod and 50 MB.
//
// https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes,
// https://learn.microsoft.com/azure/aks/node-resource-reservations,
// https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go.
var (
	keptCPU        = resource.MustParse("160m")
	keptMemory     = resource.MustParse("1465Mi")
	evictionMemory = resource.MustParse("100Mi")
)

// Offer is the most that one node of the pool has for pods of the platform. On an existing cluster the pool's figures
// say just that; in a cloud they are the machine's.
func (c Cloud) Offer(pool NodePool) (cpu, memory resource.Quantity) {
	cpu, memory = pool.CPU.DeepCopy(), pool.Memory.DeepCopy()
	if !c.Managed() {
		return cpu, memory
	}
	cpu.Sub(keptCPU)
	kept := resource.NewQuantity(memory.Value()/5, resource.BinarySI)
	if kept.Cmp(keptMemory) > 0 {
		kept = &keptMemory
	}
	memory.Sub(*kept)
	memory.Sub(evictionMemory)
	return cpu, memory
}
