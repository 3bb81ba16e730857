package cluster

import "k8s.io/apimachinery/pkg/api/resource"

// Lower bounds of the CPU and memory that a node reserves on each of the three clouds, and that pods cannot use:
//
//   - CPU: 60m of the first core (GKE, AKS, and EKS through its machine image), and the 100m that kube-proxy or the
//     agents in its place request. The share of the further cores is left out.
//   - memory: a fifth, up to the 1465 MiB that EKS reserves for MaxPodsPerNode pods (11 MiB each, and 255 MiB), and the
//     eviction threshold of 100 MiB. GKE reserves 25 % of the first 4 GiB and 20 % of the next, AKS 25 % up to 20 MB a
//     pod and 50 MB.
//
// https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes,
// https://learn.microsoft.com/azure/aks/node-resource-reservations,
// https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go.
var (
	keptCPU        = resource.MustParse("160m")
	keptMemory     = resource.MustParse("1465Mi")
	evictionMemory = resource.MustParse("100Mi")
)

// Offer returns the most CPU and memory that one node of the pool can offer to the platform's pods. On an existing
// cluster the pool's figures are already allocatable; in a cloud they are the machine's.
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
